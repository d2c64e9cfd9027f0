import { cluesIn } from '../errorClues';
import { fieldsOf, parseJson, textOf } from '../json';
import { askingProblem, type Answer } from '../outcome/outcome';
import type { Problem } from '../problem';
import { quote } from '../redact';

/** The outcome of a submission, as far as the answer tells. */
export type Submission =
	/** `category` is the one that WhatsApp assigned, UTILITY where the answer names none. */
	| { kind: 'taken'; status: string; category: string; row: object }
	/** Unknown: if the channel's list has the template by now, `outcome` applies. */
	| { kind: 'unsure'; outcome: 'submitted' | 'exists'; problem: Problem }
	| { kind: 'refused'; problem: Problem };

const OWN_WORDS = new Set([400, 409, 422]);

/** Judges the answer to `POST /addTemplate` (1msg-api.md, section 3; 1msg-contract-2.md, section 1.8). `now` is in milliseconds. */
export function judgeSubmission(answer: Answer, now: number, secrets: readonly string[]): Submission {
	const problem = askingProblem(answer, now, secrets);
	if (answer.kind !== 'answer' || answer.status >= 500) {
		return answer.kind === 'unreached' ? { kind: 'refused', problem: problem! } : { kind: 'unsure', outcome: 'submitted', problem: problem! };
	}
	const body = fieldsOf(parseJson(answer.text)) ?? {};
	// In a 2xx, the other texts may tell of success.
	const clues = cluesIn(problem ? body : { error: body.error, errors: body.errors, response: body.response, detail: body.detail });
	if (!problem && clues.code === null && clues.texts.length === 0) {
		const own = fieldsOf(body.response) ?? {};
		const status = textOf(own.status) || textOf(body.status) || 'PENDING';
		const category = textOf(own.category) || textOf(body.category) || 'UTILITY';
		return { kind: 'taken', status: status.toUpperCase(), category: category.toUpperCase(), row: body };
	}
	if (problem && !OWN_WORDS.has(answer.status)) return { kind: 'refused', problem };
	const said = quote(clues.texts.join('. ') || answer.text, secrets);
	const refused = refusal(said, answer.status);
	return /already exists|duplicate/i.test(said) ? { kind: 'unsure', outcome: 'exists', problem: refused } : { kind: 'refused', problem: refused };
}

function refusal(said: string, httpCode: number): Problem {
	return {
		code: 'template-refused',
		message: `The service did not accept the template${said === '' ? '' : ` and says: ${said}`}`,
		description: 'Change what it names and submit the template again. Nothing was created.',
		action: 'fixTemplate',
		retryAfter: null,
		httpCode,
		saidBy: 'service',
	};
}
