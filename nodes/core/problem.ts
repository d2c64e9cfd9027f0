/** What a workflow should do next, for a Switch node on `error.action` or `failure.action`. */
export type Action =
	| 'retryLater'
	| 'otherChannel'
	| 'recordOptOut'
	| 'fixData'
	| 'fixTemplate'
	| 'alertPerson';

/** Why something was not done, as a value: only the node's edge turns it into an error or an error item. */
export interface Problem {
	/** WhatsApp's number where one is known, else one of ours in kebab-case. */
	code: string;
	/** What happened, one sentence. */
	message: string;
	/** What to do about it. */
	description: string;
	action: Action;
	/** Seconds to wait before another try; only with `retryLater`, null where nothing is known. */
	retryAfter: number | null;
	/** The HTTP status of the service's answer, null when there was none. */
	httpCode: number | null;
	/** Who said no: the service (after asking it) or this node (nothing was sent). */
	saidBy: 'service' | 'node';
}

/** A value, or the reason why there is none. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export function ok<T>(value: T): Result<T> {
	return { ok: true, value };
}

export function err<T>(problem: Problem): Result<T> {
	return { ok: false, problem };
}

/** A problem found before anything was sent; the action is `fixData` unless told. */
export function foundBeforeSending(
	problem: Pick<Problem, 'code' | 'message' | 'description'> & Partial<Problem>,
): Problem {
	return { action: 'fixData', retryAfter: null, httpCode: null, saidBy: 'node', ...problem };
}
