import type { RealChannel } from '../harness/channel.mts';

const MOST = 5000;

/** How many waiting customers `--arrivals` asks for; undefined without it. Throws a sentence for anything but 1 to 5000, and on a real channel. */
export function readArrivals(given: string | undefined, channel: RealChannel | undefined): number | undefined {
	if (given === undefined) return undefined;
	const count = /^\d+$/.test(given.trim()) ? Number(given) : NaN;
	if (!(count >= 1 && count <= MOST)) throw new Error(`--arrivals takes a whole number from 1 to ${MOST}, and got "${given}". Nothing was started.`);
	if (channel) {
		throw new Error(
			`--arrivals works with the sandbox only: on channel ${channel.channelId} it would message ${count} people. ` +
				'Unset the ONEMSG_ settings to use the sandbox. Nothing was started and nothing was sent.',
		);
	}
	return count;
}
