import { type Answer, json } from '../http/answer.mts';
import type { JsonObject } from '../json.mts';
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

/** Body of a refusal: Graph's error under 1MSG's `sent: false` (1msg-api.md section 2.4), or in another place (1msg-contract-2.md section 6.1). */
export function refusalBody({ code, message, details }: Refusal, place: Settings['refusalPlace'] = 'error'): JsonObject {
	const { title } = failureWords(code);
	const error = { code, message, error_data: { details } };
	switch (place) {
		case 'error':
			return { sent: false, message, error };
		case 'errorCode':
			return { sent: false, error: { error_code: code, message: title, error_data: { details } } };
		case 'userMessage':
			return { sent: false, error: { code, message: title, error_user_title: title, error_user_msg: details } };
		case 'top':
			return { sent: false, code, message: title };
		case 'response':
			return { sent: false, response: { error } };
		case 'errors':
			return { sent: false, errors: [{ code, title, details }] };
		case 'text':
			return { sent: false, message: `${message}: ${details}` };
		case 'jsonInText':
			return { sent: false, message: `400 - ${JSON.stringify({ error })}` };
	}
}

const STATUS = { ok: 200, '400': 400, '422': 422 };

/** A refusal in the configured style: 4xx (by default 422 for a wrong number of variables), or 200. */
export function refusalAnswer(refusal: Refusal, { refusalStyle: style, refusalPlace }: Pick<Settings, 'refusalStyle' | 'refusalPlace'>): Answer {
	const status = style === 'http' ? (refusal.code === 132000 ? 422 : 400) : STATUS[style];
	return json(status, refusalBody(refusal, refusalPlace));
}
