import { acceptingFor } from '../harness/channel-use.mts';
import type { Sandbox } from '../harness/sandbox-program.mts';
import { bar } from './terminal-line.mts';

/** The sandbox's own totals since it started. */
interface Sums {
	accepted: number;
	delivered: number;
	failed: number;
	refusedForRate: number;
}

/** Fan-out counts from the channel. */
export interface FanOutCounts extends Sums {
	/** Messages accepted in the last second. */
	perSecond: number;
	/** Current channel limit in messages per second; null for none. */
	limit: number | null;
}

/** Counts sandbox activity from now on. */
export class FanOutWatch {
	private readonly sandbox: Sandbox;
	private readonly before: Sums;

	private constructor(sandbox: Sandbox, before: Sums) {
		this.sandbox = sandbox;
		this.before = before;
	}

	static async start(sandbox: Sandbox): Promise<FanOutWatch> {
		return new FanOutWatch(sandbox, (await counted(sandbox)).sums);
	}

	/** Counts since the start. */
	async look(): Promise<FanOutCounts> {
		const [{ sums: now, lastSecond }, { messagesPerSecond }] = await Promise.all([counted(this.sandbox), settings(this.sandbox)]);
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

	/** Seconds between the first and last acceptance since the start; 0 for fewer than two. */
	async acceptingFor(accepted: number): Promise<number> {
		return await acceptingFor(this.sandbox, accepted, this.before.accepted);
	}
}

/** Progress line of a fan-out. Accepted, settled and logged messages each fill a third of the bar. */
export function progressLine(count: number, settled: number, { accepted, delivered, failed, perSecond, limit, refusedForRate }: FanOutCounts): string {
	const share = (accepted + delivered + failed + settled) / (3 * count);
	const rate = `${perSecond} per second (${limit === null ? 'no limit' : `limit ${limit}`})`;
	return `${bar(share)} of ${count}: ${accepted} accepted, ${delivered} delivered, ${failed} failed, ${settled} in the log; ${rate}, ${refusedForRate} x 429`;
}

interface Overview {
	tally: Record<'accepted' | 'sent' | 'delivered' | 'read' | 'failed', number>;
	lastSecond: number;
}

async function counted(sandbox: Sandbox): Promise<{ sums: Sums; lastSecond: number }> {
	const [{ messages, refusedForRate }, { tally, lastSecond }] = await Promise.all([
		sandbox.control<{ messages: number; refusedForRate: number }>('GET', 'counts'),
		sandbox.control<Overview>('GET', 'chats?limit=1'),
	]);
	return { sums: { accepted: messages, delivered: tally.delivered + tally.read, failed: tally.failed, refusedForRate }, lastSecond };
}

function settings(sandbox: Sandbox): Promise<{ messagesPerSecond: number | null }> {
	return sandbox.control('GET', 'settings');
}
