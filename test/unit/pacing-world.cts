import type { Acquired, AcquireOptions, Feedback, Pacer } from '../../nodes/core/pacing/pacer';

/** Time that advances only to due events: runs are deterministic. */
export class VirtualClock {
	time = 0;
	private due: Array<{ at: number; order: number; run: () => void }> = [];
	private order = 0;
	now = () => this.time;
	sleep = (milliseconds: number) => new Promise<void>((wake) => this.after(milliseconds, wake));

	after(milliseconds: number, run: () => void): void {
		const entry = { at: this.time + Math.max(0, milliseconds), order: this.order++, run };
		let low = 0;
		let high = this.due.length;
		// Sorted latest first, so that pop() gives the next.
		while (low < high) {
			const middle = (low + high) >> 1;
			const other = this.due[middle]!;
			if (other.at > entry.at || (other.at === entry.at && other.order > entry.order)) low = middle + 1;
			else high = middle;
		}
		this.due.splice(low, 0, entry);
	}

	/** Advances time until nothing is due, or until `end`. */
	async run(end = Infinity): Promise<void> {
		await settled();
		for (let next = this.due.at(-1); next && next.at <= end; next = this.due.at(-1)) {
			this.due.pop();
			this.time = next.at;
			next.run();
			await settled();
		}
		if (end < Infinity) this.time = end;
	}
}

/** Lets every promise settle that needs no time. */
function settled(): Promise<void> {
	return new Promise((done) => setImmediate(done));
}

export interface ChannelRules {
	/** Token bucket rate in messages per second, initially full with one second's worth; null for no limit. */
	limit: number | null;
	/** Milliseconds from decision to answer; `jitter` adds up to that much, before and after the decision. */
	latency: number;
	/** The same for a refusal; defaults to `latency`. */
	refusalLatency?: number;
	jitter?: number;
	retryAfter?: number | null;
}

/** The sandbox's channel in virtual time. */
export class VirtualChannel {
	accepted: number[] = [];
	refused: number[] = [];
	requests = 0;
	inFlight = 0;
	mostInFlight = 0;
	private tokens: number;
	private at = 0;

	constructor(
		private readonly clock: VirtualClock,
		public rules: ChannelRules,
		private seed = 1,
	) {
		this.tokens = rules.limit ?? 0;
	}

	async send(): Promise<Feedback> {
		this.inFlight++;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
		if (this.rules.jitter) await this.clock.sleep(this.random() * this.rules.jitter);
		const feedback = this.decide();
		const { latency, refusalLatency = latency, jitter = 0 } = this.rules;
		await this.clock.sleep((feedback.kind === 'throttled' ? refusalLatency : latency) + this.random() * jitter);
		this.inFlight--;
		return feedback;
	}

	private decide(): Feedback {
		this.requests++;
		const { limit } = this.rules;
		const { time } = this.clock;
		if (limit !== null) {
			this.tokens = Math.min(Math.max(1, limit), this.tokens + ((time - this.at) / 1000) * limit);
			this.at = time;
			if (this.tokens < 1) {
				this.refused.push(time);
				return { kind: 'throttled', retryAfter: this.rules.retryAfter ?? null };
			}
			this.tokens--;
		}
		this.accepted.push(time);
		return { kind: 'accepted' };
	}

	private random(): number {
		this.seed = (this.seed * 48_271) % 2_147_483_647;
		return this.seed / 2_147_483_647;
	}
}

/** Source of permits: a pacer, optionally behind a node's limiter. */
export type Acquire = (options: AcquireOptions) => Promise<Acquired>;

/** Wait options of an execution that is never cancelled. */
export function waitingOn(clock: VirtualClock): AcquireOptions {
	return { sleep: clock.sleep, isCancelled: () => false };
}

/** Sends `count` messages like the node: `workers` at a time, throttled ones retried until accepted. */
export async function sendAll(
	pacer: Pacer | Acquire,
	clock: VirtualClock,
	channel: { send(): Promise<Feedback> },
	count: number,
	options: Partial<AcquireOptions> & { workers?: number } = {},
): Promise<{ sent: number; notSent: number }> {
	const { workers = 256, ...acquireOptions } = options;
	const acquire: Acquire = typeof pacer === 'function' ? pacer : async (given) => await pacer.acquire(given);
	let next = 0;
	let sent = 0;
	let notSent = 0;
	const worker = async () => {
		while (next < count) {
			next++;
			for (let isRetry = false; ; isRetry = true) {
				const { permit } = await acquire({ ...waitingOn(clock), ...acquireOptions, isRetry });
				if (!permit) {
					notSent++;
					break;
				}
				const feedback = await channel.send();
				permit.release(feedback);
				if (feedback.kind !== 'throttled' && feedback.kind !== 'unreached') {
					sent++;
					break;
				}
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(workers, count) }, worker));
	return { sent, notSent };
}
