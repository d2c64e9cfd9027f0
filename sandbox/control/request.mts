import type { z } from 'zod';
import type { World } from '../state/world.mts';

/** A call to the control API. `key` is the variable part of its path. */
export interface ControlRequest {
	query: URLSearchParams;
	body: unknown;
	key: string;
}

/** A route of the control API. */
export interface Route {
	method: string;
	path: RegExp;
	/** As shown in the index. */
	shown: string;
	does: string;
	answer(request: ControlRequest, world: World): unknown;
}

/** Bad control input, with a message. */
export class ControlError extends Error {
	readonly status: number;

	constructor(sentence: string, status = 400) {
		super(sentence);
		this.status = status;
	}
}

/** Parses a body; rejects unknown keys and lists the known ones. */
export function parse<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape, z.UnknownKeysParam>, body: unknown) {
	const known = Object.keys(schema.shape);
	if (typeof body === 'object' && body !== null) {
		const unknown = Object.keys(body).filter((key) => !known.includes(key));
		if (unknown.length > 0) throw new ControlError(`Unknown: ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
	}
	return schema.parse(body);
}

/** A whole number from the query, or the fallback. */
export function queryNumber(query: URLSearchParams, name: string, fallback: number): number {
	if (!query.has(name)) return fallback;
	const value = Number(query.get(name));
	if (!Number.isInteger(value) || value < 0) throw new ControlError(`${name} must be a whole number, not ${query.get(name)}.`);
	return value;
}
