/** Right person and safe modes: every message went where its item allows. */
import { addressOf, contactKey, readPhone, readRecipient } from '../oracle/recipient.mts';
import { TEST_RECIPIENT } from '../oracle/expectation.mts';
import type { Case, Sent } from '../case.mts';
import type { Story } from '../play.mts';
import type { Broken } from '../../world-kind.mts';

export function checkRecipients(_story: Story, cases: readonly Case[]): Broken[] {
	return cases.flatMap((entry) => [...entry.sent.flatMap((sent) => checkSent(entry, sent)), ...checkAnswerable(entry)]);
}

function checkSent({ name }: Case, { message, items, expected }: Sent): Broken[] {
	const [first] = expected;
	if (!first) return [{ invariant: 'neverPretended', what: `${name} sent "${message.text}" to ${message.to}, and no item asks for that` }];
	if (expected.some(({ to }) => to.includes(message.to))) return [];
	const where = `item ${items[0]} of ${name} went to ${message.to}`;
	if (first.forbiddenBy && !(first.forbiddenBy === TEST_RECIPIENT && first.test.includes(message.to))) return [{ invariant: 'safeModes', what: `${where}, against ${first.forbiddenBy}` }];
	return [{ invariant: 'rightPerson', what: `${where}, and may go to ${first.to.length === 0 ? 'nobody' : first.to.join(' or ')}` }];
}

/** The recipient an item suggests for replies is the one that got its message, and so is its key. */
function checkAnswerable(entry: Case): Broken[] {
	return entry.results.flatMap((result, item): Broken[] => {
		const address = addressOf(result ?? {});
		if (result === undefined || address === 'nobody') return [];
		const { recipient, contactKey: key } = result;
		const answered = readRecipient(recipient, undefined).to[0] ?? 'nobody';
		const own = readPhone(`+${address}`, undefined).to[0] ?? address;
		if (recipient !== undefined && answered !== own) return [{ invariant: 'rightPerson', what: `item ${item} of ${entry.name} is about ${address} and says recipient ${String(recipient)}` }];
		if (key !== contactKey(address)) return [{ invariant: 'rightPerson', what: `item ${item} of ${entry.name} is about ${address} and says contactKey ${String(key)}, not ${contactKey(address)}` }];
		return [];
	});
}
