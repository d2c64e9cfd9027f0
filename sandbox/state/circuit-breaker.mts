import type { Settings } from './settings.mts';

/** A URL's state, as GET /webhook calls it (1msg-contract-2.md section 1.6). */
export const CIRCUIT_STATES = ['ok', 'degraded', 'open', 'half_open', 'disabled'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

/** A URL's state with its diagnostics; times in milliseconds since 1970. */
export interface Circuit {
	circuitState: CircuitState;
	/** The last failure: `http_<status>` or `timeout_or_network`. */
	reason?: string;
	/** Failures within the window. */
	fails?: number;
	/** Failed probes since the circuit opened. */
	trips?: number;
	disabledAt?: number;
	firstFailAt?: number;
}

type BreakerSettings = Pick<Settings, 'breakerWindowMs' | 'breakerWarnAt' | 'breakerOpenAt' | 'breakerProbesMs' | 'breakerStickyAfter'>;

/** Decides which deliveries a URL gets (1msg-contract-2.md section 1.6). A retry is no failure of its own: only the first attempt counts. */
export class CircuitBreaker {
	readonly #settings: BreakerSettings;
	#state: CircuitState = 'ok';
	#failures: number[] = [];
	#trips = 0;
	#reason: string | undefined;
	#firstFailAt: number | undefined;
	#disabledAt: number | undefined;
	#probeAt: number | undefined;
	#warnedAt: number | undefined;

	constructor(settings: BreakerSettings) {
		this.#settings = settings;
	}

	/** The state now: failures older than the window no longer degrade it. */
	state(now: number): CircuitState {
		if (this.#state === 'degraded' && this.#recent(now).length === 0) this.reset();
		return this.#state;
	}

	/** Whether a delivery may go out now. In `open`, the first one after the pause is the probe. */
	pass(now: number): 'deliver' | 'probe' | 'skip' {
		switch (this.state(now)) {
			case 'ok':
			case 'degraded':
				return 'deliver';
			case 'open':
				if (now < (this.#probeAt ?? 0)) return 'skip';
				this.#state = 'half_open';
				return 'probe';
			default:
				return 'skip';
		}
	}

	/** Whether `pass` would let a delivery out; changes nothing. */
	lets(now: number): boolean {
		const state = this.state(now);
		return state === 'ok' || state === 'degraded' || (state === 'open' && now >= (this.#probeAt ?? 0));
	}

	/** The probe was answered with 2xx, or failed. */
	probed(failure: string | undefined, now: number): void {
		if (this.#state !== 'half_open') return;
		if (failure === undefined) return this.reset();
		this.#reason = failure;
		this.#trips += 1;
		if (this.#trips >= this.#settings.breakerStickyAfter) this.disable(now);
		else this.#open(now);
	}

	/** The first attempt of a delivery failed. */
	failed(reason: string, now: number): void {
		if (this.#state === 'disabled') return;
		this.#failures = [...this.#recent(now), now];
		this.#reason = reason;
		this.#firstFailAt ??= now;
		const { breakerWarnAt, breakerOpenAt } = this.#settings;
		if (this.#failures.length === breakerWarnAt) this.#warnedAt = now;
		if (this.#state === 'open' || this.#state === 'half_open') return;
		this.#state = 'degraded';
		if (breakerOpenAt > 0 && this.#failures.length >= breakerOpenAt) this.#open(now);
	}

	/** Disables the URL until its list is submitted again. */
	disable(now: number): void {
		this.#state = 'disabled';
		this.#disabledAt = now;
		this.#probeAt = undefined;
	}

	/** As new. */
	reset(): void {
		this.#state = 'ok';
		this.#failures = [];
		this.#trips = 0;
		this.#reason = this.#firstFailAt = this.#disabledAt = this.#probeAt = this.#warnedAt = undefined;
	}

	/** Puts the URL into a state, as if its past had led there. */
	put({ circuitState, reason = 'http_404', fails, trips, disabledAt, firstFailAt }: Circuit, now: number): void {
		this.reset();
		if (circuitState === 'ok') return;
		const { breakerOpenAt, breakerStickyAfter } = this.#settings;
		this.#state = circuitState;
		this.#reason = reason;
		this.#failures = Array.from({ length: fails ?? (circuitState === 'degraded' ? 1 : Math.max(1, breakerOpenAt)) }, () => now);
		this.#firstFailAt = firstFailAt ?? now;
		this.#trips = trips ?? (circuitState === 'disabled' ? breakerStickyAfter : 0);
		if (circuitState === 'open') this.#open(now);
		if (circuitState === 'disabled') this.disable(disabledAt ?? now);
	}

	/** When the next probe may go out, in milliseconds since 1970; null unless open. */
	get nextProbeAt(): number | null {
		return this.#state === 'open' ? (this.#probeAt ?? null) : null;
	}

	/** When the warning e-mail would have gone out, in milliseconds since 1970; null if it has not. */
	get warnedAt(): number | null {
		return this.#warnedAt ?? null;
	}

	/** The fields of GET /webhook; a URL without failures has its state alone. */
	shown(now: number): Circuit {
		const circuitState = this.state(now);
		if (circuitState === 'ok') return { circuitState };
		return {
			circuitState,
			reason: this.#reason,
			fails: circuitState === 'degraded' ? this.#recent(now).length : this.#failures.length,
			trips: this.#trips,
			...(this.#disabledAt !== undefined && { disabledAt: this.#disabledAt }),
			...(this.#firstFailAt !== undefined && { firstFailAt: this.#firstFailAt }),
		};
	}

	#open(now: number): void {
		const { breakerProbesMs } = this.#settings;
		this.#state = 'open';
		this.#probeAt = now + (breakerProbesMs[Math.min(this.#trips, breakerProbesMs.length - 1)] ?? 0);
	}

	#recent(now: number): number[] {
		return this.#failures.filter((at) => at > now - this.#settings.breakerWindowMs);
	}
}
