import { Pace } from './pace';

declare const performance: { now(): number };

/** Channels remembered at once; an idle one is forgotten first. */
const MOST_CHANNELS = 200;

/** The paces of this process, by channel. */
export class Paces {
	private readonly byChannel = new Map<string, Pace>();

	/** `now` gives milliseconds. */
	constructor(private readonly now: () => number) {}

	/** The one pace of a channel; `root` is its base URL with its ID. */
	of(root: string): Pace {
		const known = this.byChannel.get(root);
		const pace = known ?? new Pace(this.now);
		// Put at the end, so that the first is the one unused for longest.
		this.byChannel.delete(root);
		this.byChannel.set(root, pace);
		if (!known) this.forgetOne();
		return pace;
	}

	private forgetOne(): void {
		if (this.byChannel.size <= MOST_CHANNELS) return;
		for (const [root, pace] of this.byChannel) if (pace.isIdle) return void this.byChannel.delete(root);
	}
}

/** Shared by every execution of the process, so that a thousand single events are paced like one batch. */
export const paces = new Paces(() => performance.now());
