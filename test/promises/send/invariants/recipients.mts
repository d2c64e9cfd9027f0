/** Right person and safe modes: every message went where its item allows. */
import { contactKey, readRecipient } from '../oracle/recipient.mts';
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

/** The recipient an item suggests for replies is the one that got its message. */
function checkAnswerable(entry: Case): Broken[] {
	return entry.results.flatMap((result, item): Broken[] => {
		if (result === undefined || typeof result.phone !== 'string' || !/^\d+$/.test(result.phone)) return [];
		const { phone, recipient, contactKey: key } = result;
		const answerable = `+${readRecipient(`+${phone}`, undefined).to[0] ?? phone}`;
		if (recipient !== undefined && recipient !== answerable) return [{ invariant: 'rightPerson', what: `item ${item} of ${entry.name} says phone ${phone} and recipient ${String(recipient)}` }];
		if (key !== undefined && key !== contactKey(phone)) return [{ invariant: 'rightPerson', what: `item ${item} of ${entry.name} says phone ${phone} and contactKey ${String(key)}, not ${contactKey(phone)}` }];
		return [];
	});
}
