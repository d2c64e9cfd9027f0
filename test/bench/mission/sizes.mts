/** One event and its waiting customers, on a channel with a limit. */
export interface MissionSize {
	customers: number;
	/** Messages per second that the channel takes. */
	limit: number;
	/** Turns of each contender; the median of each figure counts. */
	turns: number;
	/** Published without a goal. Two ways back: nobody reads, and deliveries are told by hooks or asked for. Read a minute later: when the log has a thousand newer rows. */
	variant?: 'two ways back' | 'read a minute later';
}

/** WhatsApp's usual limit of a number, and that of a large sender. */
export const SIZES: MissionSize[] = [
	{ customers: 1000, limit: 80, turns: 3 },
	{ customers: 5000, limit: 80, turns: 1 },
	{ customers: 1000, limit: 250, turns: 1 },
	{ customers: 5000, limit: 250, turns: 1 },
	{ customers: 2000, limit: 80, turns: 1, variant: 'two ways back' },
	{ customers: 2000, limit: 80, turns: 1, variant: 'read a minute later' },
];

const number = new Intl.NumberFormat('en-US');

/** Name of a size, for `--only` behind "mission ". */
export function sizeName({ customers, limit, variant }: MissionSize): string {
	return `${number.format(customers)} at ${limit}${variant ? `, ${variant}` : ''}`;
}
