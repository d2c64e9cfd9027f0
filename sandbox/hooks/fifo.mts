/** A queue with amortized O(1) push and shift. */
export class Fifo<T> {
	#items: T[] = [];
	#head = 0;

	get length(): number {
		return this.#items.length - this.#head;
	}

	get first(): T | undefined {
		return this.#items[this.#head];
	}

	push(item: T): void {
		this.#items.push(item);
	}

	shift(): T | undefined {
		const item = this.#items[this.#head];
		if (this.#head < this.#items.length) this.#head += 1;
		// More than half of the array is unused: copy the rest, at an amortized cost of one move per item.
		if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
		return item;
	}

	clear(): void {
		this.#items = [];
		this.#head = 0;
	}
}
