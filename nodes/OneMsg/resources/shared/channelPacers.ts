import { Pacer } from '../../../core/pacing/pacer';
import { clock } from '../../../shared/clock';

/** Channels remembered at once; an idle one is forgotten first. */
const MAX_CHANNELS = 200;

/** The pacers of this process, by channel. */
export class ChannelPacers {
	private readonly byChannel = new Map<string, Pacer>();

	/** `now` gives milliseconds of a clock that is never set. */
	constructor(private readonly now: () => number) {}

	/** The one pacer of a channel; `root` is its base URL with its ID. */
	of(root: string): Pacer {
		const known = this.byChannel.get(root);
		const pacer = known ?? new Pacer(this.now);
		// Put at the end, so that the first is the one unused for longest.
		this.byChannel.delete(root);
		this.byChannel.set(root, pacer);
		if (!known) this.forgetOne();
		return pacer;
	}

	private forgetOne(): void {
		if (this.byChannel.size <= MAX_CHANNELS) return;
		for (const [root, pacer] of this.byChannel) if (pacer.isIdle) return void this.byChannel.delete(root);
	}
}

/** Shared by every execution of the process, so that a thousand single events are paced like one batch. */
export const channelPacers = new ChannelPacers(clock);
