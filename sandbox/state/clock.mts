interface Job {
	at: number;
	order: number;
	run: () => void;
}

const RUNS_PER_TURN = 500;
const MAX_TIMER_MS = 1_000_000_000;

/** Schedules many jobs on a single timer: a heap ordered by time, then by order of scheduling. */
export class Clock {
	#heap: Job[] = [];
	#order = 0;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Infinity;

	/** Runs `run` at `at` (milliseconds since 1970), or on the next turn if past. */
	schedule(at: number, run: () => void): void {
		this.#push({ at, order: this.#order++, run });
		if (at < this.#timerAt) this.#arm();
	}

	/** Cancels everything. */
	clear(): void {
		this.#heap = [];
		clearTimeout(this.#timer);
		this.#timerAt = Infinity;
	}

	#arm(): void {
		clearTimeout(this.#timer);
		const next = this.#heap[0];
		this.#timerAt = next?.at ?? Infinity;
		if (!next) return;
		this.#timer = setTimeout(() => this.#turn(), Math.min(Math.max(0, next.at - Date.now()), MAX_TIMER_MS));
	}

	// Bounded per turn, so that requests are answered while a large batch is due.
	#turn(): void {
		const now = Date.now();
		for (let runs = 0; runs < RUNS_PER_TURN; runs++) {
			const next = this.#heap[0];
			if (!next || next.at > now) break;
			this.#pop();
			next.run();
		}
		this.#arm();
	}

	#push(job: Job): void {
		const heap = this.#heap;
		let index = heap.push(job) - 1;
		while (index > 0) {
			const parent = (index - 1) >> 1;
			if (!earlier(job, heap[parent]!)) break;
			heap[index] = heap[parent]!;
			index = parent;
		}
		heap[index] = job;
	}

	#pop(): void {
		const heap = this.#heap;
		const last = heap.pop()!;
		if (heap.length === 0) return;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child++;
			if (!earlier(heap[child]!, last)) break;
			heap[index] = heap[child]!;
			index = child;
		}
		heap[index] = last;
	}
}

function earlier(a: Job, b: Job): boolean {
	return a.at < b.at || (a.at === b.at && a.order < b.order);
}
