const PAUSE_MS = 100;

/** Notifies watchers of changes, at most ten times a second. */
export class Changes {
	#watchers = new Set<() => void>();
	#timer: NodeJS.Timeout | undefined;

	/** Reports a change; changes in quick succession are notified together. */
	happened(): void {
		if (this.#watchers.size === 0 || this.#timer) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			for (const tell of this.#watchers) tell();
		}, PAUSE_MS);
		this.#timer.unref();
	}

	/** Calls `tell` after every change; returns an unsubscribe function. */
	watch(tell: () => void): () => void {
		this.#watchers.add(tell);
		return () => void this.#watchers.delete(tell);
	}
}
