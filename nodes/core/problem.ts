/** What a workflow should do next, for a Switch node on `error.action` or `failure.action`. */
export type Action =
	| 'retryLater'
	| 'otherChannel'
	| 'recordOptOut'
	| 'fixData'
	| 'fixTemplate'
	| 'alertPerson';

/** Why something was not done, as a value; only the edge of the node turns it into an error or an error item. */
export interface Problem {
	/** WhatsApp's code if known, else one of ours in kebab-case. */
	code: string;
	/** What happened, in one sentence. */
	message: string;
	/** What to do about it. */
	description: string;
	action: Action;
	/** Seconds to wait before a retry; only with `retryLater`, null if unknown. */
	retryAfter: number | null;
	/** HTTP status of the service's answer, null if there was none. */
	httpCode: number | null;
	/** Who refused: the service, or this node (nothing was sent). */
	saidBy: 'service' | 'node';
}

/** A value, or the problem that prevented it. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export function ok<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function err<T>(problem: Problem): Result<T> {
	return { ok: false, problem };
}

/** A problem found before anything was sent; `action` defaults to `fixData`. */
export function foundBeforeSending(
	problem: Pick<Problem, 'code' | 'message' | 'description'> & Partial<Problem>,
): Problem {
	return { action: 'fixData', retryAfter: null, httpCode: null, saidBy: 'node', ...problem };
}
