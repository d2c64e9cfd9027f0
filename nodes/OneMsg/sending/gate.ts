import { sleep } from 'n8n-workflow';

/** Holds back who comes until it is opened; then lets them in, in their order, a few at a time: a thousand would hold up the answers that come meanwhile. */
export class Gate {
	private isOpen = false;
	private readonly waiting: Array<() => void> = [];

	constructor(private readonly atOnce: number) {}

	async enter(): Promise<void> {
		if (!this.isOpen || this.waiting.length > 0) await new Promise<void>((enter) => this.waiting.push(enter));
	}

	/** A second call does nothing. */
	open(): void {
		if (this.isOpen) return;
		this.isOpen = true;
		void this.letIn();
	}

	private async letIn(): Promise<void> {
		while (this.waiting.length > 0) {
			for (const enter of this.waiting.splice(0, this.atOnce)) enter();
			await sleep(0);
		}
	}
}
