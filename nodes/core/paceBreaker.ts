/** Refusals in a row, with nothing taken, that close the road. */
const REFUSALS = 8;
/** Milliseconds. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8000;

/** Since when a channel has taken nothing (milliseconds), and why. */
export interface Trouble {
	since: number;
	because: 'refusedForRate' | 'unreached';
}

/**
 * Closes the road to a channel that takes nothing at all, because it cannot be reached or refuses every message for its rate:
 * a pause, then one request that tries, then a longer pause. Times in milliseconds.
 */
export class Breaker {
	/** Null while messages are taken. */
	trouble: Trouble | null = null;
	private refusalsInARow = 0;
	private pauses = 0;
	private closedAt = -Infinity;
	private pausedUntil = -Infinity;
	private trying = false;

	/** When the next request may leave; Infinity while the one that tries is on its way. */
	get opensAt(): number {
		if (this.pauses === 0) return -Infinity;
		return this.trying ? Infinity : this.pausedUntil;
	}

	/** A request leaves; true when it is the one that tries. */
	leave(): boolean {
		this.trying = this.pauses > 0;
		return this.trying;
	}

	/** The one that was to try did not leave after all. */
	unused(): void {
		this.trying = false;
	}

	/** The channel gave an answer that is neither of the two below. */
	answered(): void {
		this.refusalsInARow = 0;
		this.pauses = 0;
		this.trying = false;
		this.trouble = null;
	}

	/** No answer came, which tells nothing. */
	lost(wasTrying: boolean, now: number): void {
		if (wasTrying) this.close(now);
	}

	/** True when this refusal closed the road. */
	refused(wasTrying: boolean, now: number): boolean {
		this.trouble ??= { since: now, because: 'refusedForRate' };
		if (!wasTrying && (this.pauses > 0 || ++this.refusalsInARow < REFUSALS)) return false;
		this.close(now);
		return true;
	}

	unreached(grantedAt: number, wasTrying: boolean, now: number): void {
		this.trouble = { since: this.trouble?.since ?? now, because: 'unreached' };
		// What left before the road was closed says nothing new.
		if (wasTrying || (this.pauses === 0 && grantedAt > this.closedAt)) this.close(now);
	}

	private close(now: number): void {
		this.trying = false;
		this.refusalsInARow = 0;
		this.closedAt = now;
		this.pausedUntil = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.pauses);
		this.pauses = Math.min(this.pauses + 1, 10);
	}
}
