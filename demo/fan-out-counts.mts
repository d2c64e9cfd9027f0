import type { Sandbox } from './sandbox-program.mts';
import { bar } from './terminal-line.mts';

/** What the sandbox itself counts, of everything since it started. */
interface Sums {
	accepted: number;
	delivered: number;
	failed: number;
	refusedForRate: number;
}

/** A fan-out as the channel sees it. */
export interface FanOutCounts extends Sums {
	/** Messages accepted in the last second. */
	perSecond: number;
	/** Messages per second that the channel takes now; null for no limit. */
	limit: number | null;
}

/** Counts what a sandbox does from now on. */
export class FanOutWatch {
	private readonly sandbox: Sandbox;
	private readonly before: Sums;

	private constructor(sandbox: Sandbox, before: Sums) {
		this.sandbox = sandbox;
		this.before = before;
	}

	static async start(sandbox: Sandbox): Promise<FanOutWatch> {
		return new FanOutWatch(sandbox, await sums(sandbox));
	}

	/** What was added since the start. */
	async look(): Promise<FanOutCounts> {
		const [now, { lastSecond }, { messagesPerSecond }] = await Promise.all([sums(this.sandbox), overview(this.sandbox), settings(this.sandbox)]);
		const since = (name: keyof Sums) => now[name] - this.before[name];
		return {
			accepted: since('accepted'),
			delivered: since('delivered'),
			failed: since('failed'),
			refusedForRate: since('refusedForRate'),
			perSecond: lastSecond,
			limit: messagesPerSecond,
		};
	}

	/** Seconds from the first of so many acceptances since the start to the last; 0 for fewer than two. */
	async acceptingFor(accepted: number): Promise<number> {
		if (accepted < 2) return 0;
		const [first, last] = await Promise.all([0, accepted - 1].map((place) => this.acceptedAt(this.before.accepted + place)));
		return (last! - first!) / 1000;
	}

	private async acceptedAt(place: number): Promise<number> {
		const { messages } = await this.sandbox.control<{ messages: Array<{ acceptedAt: string }> }>('GET', `messages?offset=${place}&limit=1`);
		return Date.parse(messages[0]!.acceptedAt);
	}
}

/** One line that tells how far a fan-out to so many customers is: what was accepted, what became of it, and whether the log knows, a third of the bar each. */
export function progressLine(count: number, settled: number, { accepted, delivered, failed, perSecond, limit, refusedForRate }: FanOutCounts): string {
	const share = (accepted + delivered + failed + settled) / (3 * count);
	const rate = `${perSecond} per second now (${limit === null ? 'no limit' : `the limit is ${limit}`})`;
	return `${bar(share)} of ${count}: ${accepted} accepted, ${delivered} delivered, ${failed} failed, ${settled} in the log; ${rate}, ${refusedForRate} x 429`;
}

/**
 * The part of a limit that was used, from 0 to 1: the shortest time that the limit allows, its first second being free, divided by the time taken.
 * Undefined where the limit could not be felt.
 */
export function shareOfLimit(accepted: number, limit: number | null, seconds: number): number | undefined {
	if (limit === null || accepted <= limit || seconds === 0) return undefined;
	return (accepted - limit) / limit / seconds;
}

interface Overview {
	tally: Record<'accepted' | 'sent' | 'delivered' | 'read' | 'failed', number>;
	lastSecond: number;
}

async function sums(sandbox: Sandbox): Promise<Sums> {
	const [{ messages, refusedForRate }, { tally }] = await Promise.all([
		sandbox.control<{ messages: number; refusedForRate: number }>('GET', 'counts'),
		overview(sandbox),
	]);
	return { accepted: messages, delivered: tally.delivered + tally.read, failed: tally.failed, refusedForRate };
}

function overview(sandbox: Sandbox): Promise<Overview> {
	return sandbox.control<Overview>('GET', 'chats?limit=1');
}

function settings(sandbox: Sandbox): Promise<{ messagesPerSecond: number | null }> {
	return sandbox.control('GET', 'settings');
}
