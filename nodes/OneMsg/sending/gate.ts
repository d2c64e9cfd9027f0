import { sleep } from 'n8n-workflow';

/** Blocks callers until it is opened; then admits them in order, a few at a time: a thousand at once would delay incoming answers. */
export class Gate {
	private isOpen = false;
	private readonly waiting: Array<() => void> = [];

	constructor(private readonly batchSize: number) {}

	async enter(): Promise<void> {
		if (!this.isOpen || this.waiting.length > 0) await new Promise<void>((enter) => this.waiting.push(enter));
	}

	/** A second call does nothing. */
	open(): void {
		if (this.isOpen) return;
		this.isOpen = true;
		void this.admit();
	}

	private async admit(): Promise<void> {
		while (this.waiting.length > 0) {
			for (const enter of this.waiting.splice(0, this.batchSize)) enter();
			await sleep(0);
		}
	}
}
