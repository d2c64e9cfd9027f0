/** One customer's refusal stops no others; a channel-wide refusal stops all. */
import { errorOf, type Case } from '../case.mts';
import type { Story } from '../play.mts';
import type { Broken } from '../../world-kind.mts';

/** Maximum requests from one attempt to a channel that refuses everyone. */
const MAX_REFUSED = 60;

export function checkStops(story: Story, cases: readonly Case[]): Broken[] {
	return cases.flatMap((entry) => [...checkNotAttempted(entry), ...checkEveryone(story, entry)]).map((what) => ({ invariant: 'oneWordStopsNobody', what }));
}

function checkNotAttempted({ results, sends, name, last }: Case): string[] {
	const item = results.findIndex((result) => errorOf(result)?.code === 'not-attempted');
	if (item < 0) return [];
	const isSaid = sends.some(({ fault, sequence }) => fault?.kind === 'refused' && fault.stops !== 'nobody' && sequence < last.to);
	if (isSaid) return [];
	const said = sends.flatMap(({ fault }) => (fault?.kind === 'refused' || fault?.kind === 'throttled' ? [`${fault.status} ${fault.body}`] : []));
	return [`item ${item} of ${name} was not attempted, after answers that speak of nobody else: ${said.join(' | ').slice(0, 400)}`];
}

function checkEveryone({ world }: Story, { sends, tries, name }: Case): string[] {
	const { everyone } = world.channel;
	if (!everyone) return [];
	return tries.flatMap(({ from, to }): string[] => {
		const refused = sends.filter(({ sequence, fault }) => sequence > from && sequence < to && fault === everyone.fault);
		return refused.length > MAX_REFUSED ? [`${name} went on for ${refused.length} requests that were all refused with ${everyone.fault.status}`] : [];
	});
}
