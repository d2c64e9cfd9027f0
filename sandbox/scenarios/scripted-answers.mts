import { type Answer, isAccepted } from '../http/answer.mts';
import { isPathMeant } from '../http/path-pattern.mts';
import type { WantedStatus } from './status-plan.mts';

/** An answer somebody wrote for a call to come. What it leaves out is as usual. */
export interface ScriptedAnswer {
	status?: number;
	headers?: Record<string, string>;
	body?: unknown;
	delayMs?: number;
	/** Do what the request asks before answering; a request that can't be accepted is refused as usual. */
	accept?: boolean;
	normal?: boolean;
	then?: 'normal' | 'hang' | 'cutBefore' | 'cutAfter' | 'half' | 'cutMiddle';
	/** What becomes of the message, where one is accepted. */
	statuses?: WantedStatus[];
}

/** Which calls a script answers; what is absent matches everything. */
export interface CallFilter {
	/** A path that ends in `*` means all that begin like it. */
	path: string;
	method?: string;
	phone?: string;
}

/** What a call would do without a script: as usual, or past rate limit, random errors and magic phones. */
export interface Ways {
	usual: (statuses?: readonly WantedStatus[]) => Answer;
	accept: (statuses?: readonly WantedStatus[]) => Answer;
}

interface Rule {
	filter: CallFilter;
	/** What its author calls it. */
	label?: string;
	left: Array<{ answer: ScriptedAnswer; times: number }>;
}

/** The answers waiting for their calls: the oldest script that matches goes first. */
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

	/** How many scripts are not used up. */
	get waiting(): number {
		return this.#rules.length;
	}

	/** What is not used up, oldest first; `left` answers are to come (null: without end). */
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
