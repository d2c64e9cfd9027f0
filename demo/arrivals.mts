import type { RealChannel } from '../harness/channel.mts';

const MAX_ARRIVALS = 5000;

/** Number of waiting customers from `--arrivals`; undefined without it. Throws unless it is 1 to 5000, or if a real channel is set. */
export function readArrivals(given: string | undefined, channel: RealChannel | undefined): number | undefined {
	if (given === undefined) return undefined;
	const count = /^\d+$/.test(given.trim()) ? Number(given) : NaN;
	if (!(count >= 1 && count <= MAX_ARRIVALS)) throw new Error(`--arrivals must be a whole number from 1 to ${MAX_ARRIVALS}, not "${given}". Nothing was started.`);
	if (channel) {
		throw new Error(
			`--arrivals works with the sandbox only: on channel ${channel.channelId} it would message ${count} people. ` +
				'Unset the ONEMSG_ settings to use the sandbox. Nothing was started and nothing was sent.',
		);
	}
	return count;
}
