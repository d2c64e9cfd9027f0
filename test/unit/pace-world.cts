import { Pace, type PaceSignal, type Ticket, type TurnOptions } from '../../nodes/core/pace';

/** Time that passes only when something is due: the same run gives the same result. */
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
		// Sorted latest first, so that the next one is popped.
		while (low < high) {
			const middle = (low + high) >> 1;
			const other = this.due[middle]!;
			if (other.at > entry.at || (other.at === entry.at && other.order > entry.order)) low = middle + 1;
			else high = middle;
		}
		this.due.splice(low, 0, entry);
	}

	/** Lets time pass until nothing is due, or until `end`. */
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

/** Every promise that can settle without time passing has settled. */
function settled(): Promise<void> {
	return new Promise((done) => setImmediate(done));
}

export interface ChannelRules {
	/** Messages per second, by a token bucket that holds one second's worth and starts full; null for no limit. */
	limit: number | null;
	/** Milliseconds from the decision to the answer; with `jitter` up to so many more, and as many before the decision. */
	latency: number;
	jitter?: number;
	retryAfter?: number | null;
}

/** A channel as the sandbox has it, in virtual time. */
export class VirtualChannel {
	accepted: number[] = [];
	refused: number[] = [];
	requests = 0;
	inFlight = 0;
	mostInFlight = 0;
	private tokens: number;
	private at = 0;
	private seed = 1;

	constructor(private readonly clock: VirtualClock, public rules: ChannelRules) {
		this.tokens = rules.limit ?? 0;
	}

	async send(): Promise<PaceSignal> {
		this.inFlight++;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
		if (this.rules.jitter) await this.clock.sleep(this.random() * this.rules.jitter);
		const signal = this.decide();
		await this.clock.sleep(this.rules.latency + this.random() * (this.rules.jitter ?? 0));
		this.inFlight--;
		return signal;
	}

	private decide(): PaceSignal {
		this.requests++;
		const { limit } = this.rules;
		const { time } = this.clock;
		if (limit !== null) {
			this.tokens = Math.min(Math.max(1, limit), this.tokens + ((time - this.at) / 1000) * limit);
			this.at = time;
			if (this.tokens < 1) {
				this.refused.push(time);
				return { kind: 'refusedForRate', retryAfter: this.rules.retryAfter ?? null };
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

/** Sends `count` messages the way the node does: as many at work as `workers`, refused ones again until they are taken. */
export async function sendAll(
	pace: Pace,
	clock: VirtualClock,
	channel: { send(): Promise<PaceSignal> },
	count: number,
	options: Partial<TurnOptions> & { workers?: number } = {},
): Promise<{ sent: number; notSent: number }> {
	const { workers = 256, ...turnOptions } = options;
	let next = 0;
	let sent = 0;
	let notSent = 0;
	const worker = async () => {
		while (next < count) {
			next++;
			let again: Ticket | undefined;
			for (;;) {
				const { ticket } = await pace.turn({ sleep: clock.sleep, ...turnOptions, again });
				if (!ticket) {
					notSent++;
					break;
				}
				const signal = await channel.send();
				ticket.done(signal);
				if (signal.kind !== 'refusedForRate' && signal.kind !== 'unreached') {
					sent++;
					break;
				}
				again = ticket;
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(workers, count) }, worker));
	return { sent, notSent };
}
