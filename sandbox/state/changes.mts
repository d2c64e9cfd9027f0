const PAUSE_MS = 100;

/** Tells whoever watches that something of the sandbox changed, at most ten times a second. */
export class Changes {
	#watchers = new Set<() => void>();
	#timer: NodeJS.Timeout | undefined;

	/** Something changed; it is told soon, together with what changes until then. */
	happened(): void {
		if (this.#watchers.size === 0 || this.#timer) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			for (const tell of this.#watchers) tell();
		}, PAUSE_MS);
		this.#timer.unref();
	}

	/** Calls `tell` after every change; returns how to stop that. */
	watch(tell: () => void): () => void {
		this.#watchers.add(tell);
		return () => void this.#watchers.delete(tell);
	}
}
