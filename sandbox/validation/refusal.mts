import { type Answer, json } from '../http/answer.mts';
import { failureWords } from '../scenarios/failures.mts';
import type { Settings } from '../state/settings.mts';

/** A send refused with one of WhatsApp's codes. */
export class Refusal extends Error {
	readonly code: number;
	readonly details: string;

	constructor(code: number, details: string) {
		super(`(#${code}) ${failureWords(code).title}`);
		this.code = code;
		this.details = details;
	}
}

export function refuse(code: number, details: string): never {
	throw new Refusal(code, details);
}

/** A send refused by 1MSG itself, in words alone. */
export class PlainRefusal extends Error {}

export function refusePlainly(words: string): never {
	throw new PlainRefusal(words);
}

/** Body of a refusal: Graph's error under 1MSG's `sent: false` (1msg-api.md section 2.4). */
export function refusalBody({ code, message, details }: Refusal) {
	return { sent: false, message, error: { code, message, error_data: { details } } };
}

/** A refusal in the configured style: 4xx (422 for a wrong number of variables), or 200. */
export function refusalAnswer(refusal: Refusal, style: Settings['refusalStyle']): Answer {
	const status = style === 'ok' ? 200 : refusal.code === 132000 ? 422 : 400;
	return json(status, refusalBody(refusal));
}
