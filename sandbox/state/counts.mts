/** Counters since start or clear; open sockets survive a clear. */
export class Counts {
	requests = 0;
	refusedForRate = 0;
	serverErrors = 0;
	openSocketsNow = 0;
	openSocketsPeak = 0;

	socketOpened(): void {
		this.openSocketsNow += 1;
		this.openSocketsPeak = Math.max(this.openSocketsPeak, this.openSocketsNow);
	}

	socketClosed(): void {
		this.openSocketsNow -= 1;
	}

	clear(): void {
		this.requests = 0;
		this.refusedForRate = 0;
		this.serverErrors = 0;
		this.openSocketsPeak = this.openSocketsNow;
	}
}
