import { type Answer, isAccepted } from '../http/answer.mts';
import { isPathMeant } from '../http/path-pattern.mts';
import type { WantedStatus } from './status-plan.mts';

/** A scripted answer to a future call. Omitted fields keep their normal value. */
export interface ScriptedAnswer {
	status?: number;
	headers?: Record<string, string>;
	body?: unknown;
	delayMs?: number;
	/** Perform the request before answering; an invalid request is refused as usual. */
	accept?: boolean;
	normal?: boolean;
	then?: 'normal' | 'hang' | 'cutBefore' | 'cutAfter' | 'half' | 'cutMiddle';
	/** Statuses of the message, if accepted. */
	statuses?: WantedStatus[];
}

/** Calls that a script answers; omitted fields match everything. */
export interface CallFilter {
	/** A path ending in `*` matches by prefix. */
	path: string;
	method?: string;
	phone?: string;
}

/** A call without a script: normal, or bypassing rate limit, random errors and magic phones. */
export interface Ways {
	usual: (statuses?: readonly WantedStatus[]) => Answer;
	accept: (statuses?: readonly WantedStatus[]) => Answer;
}

interface Rule {
	filter: CallFilter;
	/** Label from its author. */
	label?: string;
	left: Array<{ answer: ScriptedAnswer; times: number }>;
}

/** Pending scripts: the oldest match goes first. */
export class ScriptedAnswers {
	#rules: Rule[] = [];

	add(filter: CallFilter, answers: readonly ScriptedAnswer[], times: number, label?: string): void {
		this.#rules.push({ filter, label, left: answers.map((answer) => ({ answer, times })) });
	}

	take(path: string, method: string, phone: string): ScriptedAnswer | undefined {
		const rule = this.#rules.find(({ filter }) => {
			const sameMethod = filter.method === undefined || filter.method === method;
			return isPathMeant(filter.path, path) && sameMethod && (filter.phone === undefined || filter.phone === phone);
		});
		const [next] = rule?.left ?? [];
		if (!rule || !next) return undefined;
		next.times -= 1;
		if (next.times <= 0) rule.left.shift();
		if (rule.left.length === 0) this.#rules = this.#rules.filter((other) => other !== rule);
		return next.answer;
	}

	/** Number of pending scripts. */
	get waiting(): number {
		return this.#rules.length;
	}

	/** Pending scripts, oldest first; `left` counts remaining answers (null: unlimited). */
	get list(): Array<CallFilter & { label?: string; left: number | null }> {
		return this.#rules.map(({ filter, label, left }) => {
			const count = left.reduce((sum, { times }) => sum + times, 0);
			return { ...filter, label, left: Number.isFinite(count) ? count : null };
		});
	}

	clear(): void {
		this.#rules = [];
	}
}

/** Plays a scripted answer. */
export function play(scripted: ScriptedAnswer, ways: Ways): Answer {
	const { then = 'normal', accept, statuses } = scripted;
	if (then === 'cutBefore') return { status: 0, connection: 'cut' };
	const written = scripted.status !== undefined || scripted.body !== undefined;
	const really = accept || then === 'cutAfter';
	const silent = then === 'hang' && !accept && !scripted.normal;
	const real = really ? ways.accept(statuses) : written || silent ? undefined : ways.usual(statuses);
	if (real && really && !isAccepted(real)) return real;
	const answer = written ? { status: scripted.status ?? 200, body: scripted.body } : (real ?? { status: 0 });
	return {
		...answer,
		headers: { ...(written ? {} : real?.headers), ...scripted.headers },
		delayMs: scripted.delayMs,
		connection: connectionOf(then),
	};
}

function connectionOf(then: NonNullable<ScriptedAnswer['then']>): Answer['connection'] {
	if (then === 'normal') return 'whole';
	return then === 'cutAfter' || then === 'cutBefore' ? 'cut' : then;
}
