import { cluesIn } from '../errorClues';
import { explainFailure, findFailureRow, type FailureClues } from '../failure/failure';
import { fieldsOf, parseJson, textOf } from '../json';
import type { Problem } from '../problem';
import { quote } from '../redact';
import { readRetryAfter } from '../retryAfter';

/** The result of a request: an answer, nothing usable, or proof that the request was never sent. */
export type Answer =
	| { kind: 'answer'; status: number; headers: Record<string, unknown>; text: string }
	/** The request may have arrived; `reason` says why there is no answer. */
	| { kind: 'lost'; reason: string }
	/** The request certainly never arrived. */
	| { kind: 'unreached'; code: string; reason: string };

/**
 * No other message can succeed either, or none with the same template. Not `sure` if only the HTTP status says so,
 * which may concern this message alone.
 */
export interface Stop {
	what: 'channel' | 'template';
	sure: boolean;
}

/** The outcome of a send, as far as its answer tells (interface.md, "outcome"). */
export type SendOutcome =
	| { outcome: 'accepted'; messageId: string | null }
	| { outcome: 'queued'; jobId: string }
	| { outcome: 'refused'; problem: Problem; stops?: Stop }
	| { outcome: 'unknown'; reason: string };

/** A send refused by the service or by this node. */
export type Refusal = Extract<SendOutcome, { outcome: 'refused' }>;

/** Refusals for the channel's rate: 429 and its equivalents in a body (1msg-api.md, sections 8 and 9). */
const THROTTLING_CODES = new Set(['rate-limited', '130429', '4', '80007', '131057']);
/** Too many messages to one customer; affects no other. */
const PAIR_LIMIT = '131056';

/** Whether a send was refused for the channel's rate. */
export function isThrottled(outcome: SendOutcome): outcome is Refusal {
	return outcome.outcome === 'refused' && THROTTLING_CODES.has(outcome.problem.code);
}

/** Whether a send was refused for the customer's pair rate limit. */
export function isPairLimited(outcome: SendOutcome): outcome is Refusal {
	return outcome.outcome === 'refused' && outcome.problem.code === PAIR_LIMIT;
}

/** `Retry-After` in seconds; null if there is none. `now` in Unix milliseconds. */
export function retryAfterOf(answer: Answer, now: number): number | null {
	return answer.kind === 'answer' ? readRetryAfter(answer.headers['retry-after'], now) : null;
}

/** The fields that decide a send's outcome. Read without a schema, because answers come in thousands (see `fieldsOf`). */
interface Verdict {
	sent: boolean | undefined;
	id: string;
	jobId: string;
}

function verdictOf(json: unknown): Verdict | undefined {
	const body = fieldsOf(json);
	if (!body) return undefined;
	const word = typeof body.sent === 'string' ? body.sent.toLowerCase() : body.sent;
	const sent = word === true || word === 'true' ? true : word === false || word === 'false' ? false : undefined;
	return { sent, id: textOf(body.id).trim(), jobId: jobOf(body.jobId) };
}

/** The job ID; empty if it is missing or zero. */
function jobOf(jobId: unknown): string {
	const text = textOf(jobId).trim();
	return text === '0' ? '' : text;
}

/**
 * Classifies the answer to a send, in the order accepted, queued, refused, unknown (1msg-api.md, sections "mission" and 2.4).
 * `now` is in milliseconds, used only for a `Retry-After` date; `secrets` never appear in the result.
 */
export function judgeSend(answer: Answer, now: number, secrets: readonly string[] = []): SendOutcome {
	if (answer.kind === 'lost') return { outcome: 'unknown', reason: answer.reason };
	if (answer.kind === 'unreached') return { outcome: 'refused', problem: unreachable(answer) };
	const json = parseJson(answer.text);
	const body = verdictOf(json);
	const succeeded = answer.status >= 200 && answer.status < 300;
	if (succeeded && body?.sent === true) return { outcome: 'accepted', messageId: body.id || null };
	if (body && body.jobId !== '' && body.sent !== true) return { outcome: 'queued', jobId: body.jobId };
	const refused = (succeeded && body?.sent === false) || (answer.status >= 300 && answer.status < 500);
	if (refused) return refusal(answer, cluesOf(json, answer.text), now, secrets);
	return { outcome: 'unknown', reason: whyUnknown(answer, body, cluesOf(json, answer.text), secrets) };
}

/** What an answer says, in JSON or as plain text. */
function cluesOf(json: unknown, text: string): FailureClues {
	return fieldsOf(json) ? cluesIn(json) : cluesIn(text);
}

function refusal(
	answer: Extract<Answer, { kind: 'answer' }>,
	clues: FailureClues,
	now: number,
	secrets: readonly string[],
): SendOutcome {
	return { outcome: 'refused', problem: refusalProblem(answer, clues, now, secrets), stops: stopOf(answer.status, clues) };
}

/** Payment required, access denied, unknown channel or path, proxy authentication required. */
const STOPPING_STATUSES = new Set([402, 403, 404, 407]);

/** By code, status or exact phrase only: a word inside a customer's text stops nothing. */
function stopOf(status: number, clues: FailureClues): Stop | undefined {
	if (status === 401 || (status >= 300 && status < 400)) return { what: 'channel', sure: true };
	const found = findFailureRow(clues);
	if (found?.sure && found.row.stops) return { what: found.row.stops, sure: true };
	if (!STOPPING_STATUSES.has(status)) return undefined;
	return { what: found?.row.stops ?? 'channel', sure: false };
}

/** 1MSG's words for a wrong token advise to put it into the URL, where others can read it. */
const MISLEADING = /token as a get parameter/i;

/** Explains a refusal by any endpoint, from its status and texts. */
export function refusalProblem(
	answer: Extract<Answer, { kind: 'answer' }>,
	clues: FailureClues,
	now: number,
	secrets: readonly string[] = [],
): Problem {
	const quoted: FailureClues = { code: clues.code, texts: clues.texts.map((text) => quote(text, secrets)) };
	const said = quoted.texts.find((text) => text !== '' && !MISLEADING.test(text)) ?? '';
	const base = { httpCode: answer.status, saidBy: 'service' as const, retryAfter: null };
	if (answer.status >= 300 && answer.status < 400) {
		return {
			...base,
			code: 'redirected',
			message: `The service redirects to another address (HTTP ${answer.status}) instead of answering`,
			description: "Check the credential's Base URL: it must be the address of the API itself.",
			action: 'alertPerson',
		};
	}
	const row = findFailureRow(byStatus(answer.status, quoted))?.row;
	if (row) {
		const failure = explainFailure({ code: row.code, texts: quoted.texts });
		const requested = readRetryAfter(answer.headers['retry-after'], now);
		return {
			...base,
			code: row.code,
			message: said === '' || said.toLowerCase() === row.title.toLowerCase() ? `${row.title}: ${row.cause}` : `${row.title}. The service says: ${said}`,
			description: said === '' ? failure.advice : `${row.cause} ${failure.advice}`,
			action: row.action,
			retryAfter: row.action === 'retryLater' ? (requested ?? row.retryAfter) : null,
		};
	}
	return { ...base, ...unexplained(answer.status, said) };
}

/** 401 and 429 outrank the text, except that a 429 keeps WhatsApp's own code. */
function byStatus(status: number, clues: FailureClues): FailureClues {
	if (status === 401) return { code: 'token-rejected', texts: [] };
	if (status !== 429) return clues;
	const row = findFailureRow(clues)?.row;
	return row?.action === 'retryLater' ? { code: row.code, texts: [] } : { code: 'rate-limited', texts: [] };
}

function unexplained(status: number, said: string): Pick<Problem, 'code' | 'message' | 'description' | 'action'> {
	const words = said === '' ? 'without saying why' : `and says: ${said}`;
	if (status === 403) {
		return {
			code: 'access-denied',
			message: `The service denies access (HTTP 403) ${words}`,
			description: 'Have a person look at the channel and its subscription in the 1MSG dashboard.',
			action: 'alertPerson',
		};
	}
	if (status === 404) {
		return {
			code: 'channel-not-found',
			message: `The service does not know this channel or path (HTTP 404) ${words}`,
			description: "Check the credential's Channel ID and Base URL.",
			action: 'alertPerson',
		};
	}
	if (status === 407) {
		return {
			code: 'proxy-login',
			message: `The proxy of this n8n requires a login (HTTP 407) ${words}`,
			description: 'Nothing was sent. Put user and password into the proxy URL of this n8n (HTTP_PROXY, HTTPS_PROXY).',
			action: 'alertPerson',
		};
	}
	return {
		code: status >= 400 ? `http-${status}` : 'refused',
		message: `The service did not accept the request${status >= 400 ? ` (HTTP ${status})` : ''} ${words}`,
		description: 'Nothing was sent. Compare the fields with what the service says.',
		action: status >= 400 ? 'fixData' : 'alertPerson',
	};
}

function unreachable(answer: Extract<Answer, { kind: 'unreached' }>): Problem {
	return {
		code: 'channel-unreachable',
		message: `The service cannot be reached: ${answer.reason}`,
		description: "Nothing was sent. Check the credential's Base URL and the network of this n8n; trying again later is safe.",
		action: 'retryLater',
		retryAfter: 60,
		httpCode: null,
		saidBy: 'service',
	};
}

/** The problem of a read-only request, or undefined if its answer is a 2xx. */
export function askingProblem(answer: Answer, now: number, secrets: readonly string[]): Problem | undefined {
	if (answer.kind === 'unreached') return unreachable(answer);
	if (answer.kind === 'lost') return unanswered(`No usable answer came: ${answer.reason}`, null);
	if (answer.status >= 200 && answer.status < 300) return undefined;
	if (answer.status >= 500) {
		const said = quote(answer.text, secrets);
		return unanswered(`The service cannot answer (HTTP ${answer.status})${said === '' ? '' : `: ${said}`}`, answer.status);
	}
	return refusalProblem(answer, cluesOf(parseJson(answer.text), answer.text), now, secrets);
}

function unanswered(message: string, httpCode: number | null): Problem {
	return {
		code: 'service-unavailable',
		message,
		description: 'Try again later. It is safe to repeat.',
		action: 'retryLater',
		retryAfter: 60,
		httpCode,
		saidBy: 'service',
	};
}

function whyUnknown(
	answer: Extract<Answer, { kind: 'answer' }>,
	body: Verdict | undefined,
	clues: FailureClues,
	secrets: readonly string[],
): string {
	const said = quote(clues.texts.join('. ') || answer.text, secrets);
	if (answer.status >= 500) return `HTTP ${answer.status} from the service${said === '' ? '' : `: ${said}`}`;
	if (answer.text.trim() === '') return `HTTP ${answer.status} with an empty body`;
	if (!body) return `HTTP ${answer.status} with a body that is not complete JSON`;
	return `HTTP ${answer.status} that neither accepts nor refuses the message${said === '' ? '' : `: ${said}`}`;
}
