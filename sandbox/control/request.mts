import type { z } from 'zod';
import type { World } from '../state/world.mts';

/** A call to the control API. `place` is the variable part of its path. */
export interface ControlRequest {
	query: URLSearchParams;
	body: unknown;
	place: string;
}

/** One call of the control API. */
export interface Route {
	method: string;
	path: RegExp;
	/** How the index shows it. */
	shown: string;
	does: string;
	answer(request: ControlRequest, world: World): unknown;
}

/** Bad control input, in a sentence. */
export class ControlError extends Error {
	readonly status: number;

	constructor(sentence: string, status = 400) {
		super(sentence);
		this.status = status;
	}
}

/** Parses a body; unknown keys are refused with the names of the known ones. */
export function parse<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape, z.UnknownKeysParam>, body: unknown) {
	const known = Object.keys(schema.shape);
	if (typeof body === 'object' && body !== null) {
		const unknown = Object.keys(body).filter((key) => !known.includes(key));
		if (unknown.length > 0) throw new ControlError(`Unknown: ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
	}
	return schema.parse(body);
}

/** A whole number of the query, or the fallback where it is absent. */
export function queryNumber(query: URLSearchParams, name: string, fallback: number): number {
	if (!query.has(name)) return fallback;
	const value = Number(query.get(name));
	if (!Number.isInteger(value) || value < 0) throw new ControlError(`${name} must be a whole number, not ${query.get(name)}.`);
	return value;
}
