/** First in, first out; whoever left in between is passed over, and nobody who left is kept. */
export class PaceQueue<T extends { settled: boolean }> {
	private items: Array<T | undefined> = [];
	private head = 0;

	add(item: T): void {
		this.items.push(item);
	}

	/** How many wait; whoever left unnoticed in between still counts. */
	get length(): number {
		return this.items.length - this.head;
	}

	/** Who is next; undefined when nobody waits. */
	first(): T | undefined {
		while (this.items[this.head]?.settled) this.items[this.head++] = undefined;
		if (this.head > 1000 && this.head * 2 > this.items.length) {
			this.items = this.items.slice(this.head);
			this.head = 0;
		}
		return this.items[this.head];
	}

	/** Everyone who waits, in order. */
	waiting(): T[] {
		return this.items.slice(this.head).filter((item): item is T => item?.settled === false);
	}
}
