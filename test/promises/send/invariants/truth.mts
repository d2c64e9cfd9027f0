/** Never pretended: the node's outcome for an item matches the channel's records. */
import type { IDataObject } from 'n8n-workflow';
import { timeoutOf } from '../bounds.mts';
import { addressOf, contactKey } from '../oracle/recipient.mts';
import { areSideBySide, errorOf, refOf, thrownBy, type Case } from '../case.mts';
import type { Story } from '../play.mts';
import type { Asked } from '../../channel.mts';
import { isAmbiguous } from '../../faults.mts';
import type { Broken } from '../../world-kind.mts';

export function checkTruth(story: Story, cases: readonly Case[]): Broken[] {
	return cases.flatMap((entry) => (entry.expectations.length === 0 ? [] : [...checkIds(entry), ...checkRefs(story, cases, entry)]));
}

function broken(what: string): Broken {
	return { invariant: 'neverPretended', what };
}

/** A message belongs to one item only. */
function checkIds(entry: Case): Broken[] {
	const seen = new Map<unknown, number>();
	return entry.results.flatMap((result, item): Broken[] => {
		if (result?.outcome !== 'accepted' || typeof result.messageId !== 'string') return [];
		const other = seen.get(result.messageId);
		seen.set(result.messageId, item);
		return other === undefined ? [] : [broken(`items ${other} and ${item} of ${entry.name} both say that they are ${result.messageId}`)];
	});
}

function checkRefs(story: Story, cases: readonly Case[], entry: Case): Broken[] {
	const { rows } = entry.played.node;
	const sends = Map.groupBy(entry.sends, refOf);
	return [...Map.groupBy(rows.keys(), (item) => rows[item]!.ref)].flatMap(([ref, items]) => checkItems(story, cases, entry, items, sends.get(ref) ?? []));
}

/** Checks the items of a reference (several for duplicate rows) against their sends. */
function checkItems(story: Story, cases: readonly Case[], entry: Case, items: readonly number[], sends: readonly Asked[]): Broken[] {
	const taken = sends.flatMap(({ message }) => message ?? []);
	const found: Broken[] = [];
	/** Messages claimed by an item of these rows. */
	let spokenFor = 0;
	let certain = 0;
	for (const item of items) {
		const result = entry.results[item];
		const name = `item ${item} of ${entry.name}`;
		if (result === undefined) continue;
		const expected = entry.expectations[item]!;
		switch (result.outcome) {
			case 'accepted': {
				spokenFor++;
				const problem = problemOfAccepted(story, cases, entry, result, sends);
				if (problem) found.push(broken(`${name} ${problem}`));
				break;
			}
			case 'queued':
				spokenFor++;
				if (!taken.some(({ jobId }) => jobId !== null && jobId === String(result.jobId))) found.push(broken(`${name} is queued as job ${String(result.jobId)}, and the channel has no such job`));
				break;
			case 'unknown':
				spokenFor++;
				if (!mayBeUnknown(story, cases, entry, item, sends)) found.push(broken(`${name} is unknown (${String(result.reason)}), and nothing was uncertain`));
				break;
			case 'skipped':
				if (!isReallyThere(cases, entry, item, result)) found.push(broken(`${name} is skipped, and this customer (${expected.to.join(' or ')}) has no such message`));
				break;
			case 'rehearsed':
				if (expected.what !== 'rehearse') found.push(broken(`${name} is rehearsed, and nobody asked for that`));
				break;
			default:
				if (errorOf(result)) certain++;
		}
	}
	const thrown = thrownBy(entry);
	if (thrown?.itemIndex !== undefined && items.includes(thrown.itemIndex)) {
		// Other rows of the same reference may have been sent.
		certain = 1;
		spokenFor = items.length - 1;
	}
	if (certain > 0 && taken.length > spokenFor) {
		const error = thrown ?? errorOf(entry.results[items.find((item) => errorOf(entry.results[item]))!]);
		found.push(broken(`item ${items.join(', ')} of ${entry.name} is the error ${error?.code} (${error?.message}), and the channel took ${taken.map(({ id }) => id).join(', ')}`));
	}
	return found;
}

/** What is wrong with an accepted item. */
function problemOfAccepted(story: Story, cases: readonly Case[], entry: Case, result: IDataObject, sends: readonly Asked[]): string | undefined {
	const { messageId, text } = result;
	if (messageId === null) return sends.some(({ fault }) => fault?.kind === 'noId') ? undefined : 'is accepted without an ID, and the channel gave one or took nothing';
	const message = sends.find((asked) => asked.message?.id === messageId)?.message;
	if (!message) {
		const isTold = !cases.some((other) => isTwin(story, entry, result, other));
		return isTold ? `is accepted as ${String(messageId)}, which ${whatIs(story, String(messageId))}` : undefined;
	}
	// A log row names a customer without a phone by contactKey only.
	const isAbout = addressOf(result) === 'nobody' ? contactKey(message.to) === result.contactKey : message.to === addressOf(result);
	if (!isAbout) return `is about ${addressOf(result)} and went to ${message.to}`;
	// After the history's text, the item's may show the buttons.
	if (typeof text === 'string' && !text.startsWith(message.text)) return `says that its text is "${text}", and it is "${message.text}"`;
	return undefined;
}

/**
 * Whether another execution, run or queued item sent the same text to the same customer and had no ID
 * from its answer by then: the history can't tell them apart.
 */
function isTwin(story: Story, entry: Case, result: IDataObject, other: Case): boolean {
	return other.sent.some(({ asked, message, items }) => {
		if (message.id !== result.messageId || contactKey(message.to) !== result.contactKey) return false;
		// A log row has no text.
		if (typeof result.text === 'string' && !result.text.startsWith(message.text)) return false;
		if (message.jobId !== null) return true;
		if (other === entry) return false;
		if (other.played.process !== entry.played.process || asked.fault?.kind === 'noId') return true;
		const timeout = timeoutOf(other.played.node, items[0] ?? 0);
		return isOpen(story, other, asked, timeout) || asked.answeredAt === undefined || asked.answeredAt > (entry.last.endedAt ?? Infinity);
	});
}

function whatIs({ stage }: Story, id: string): string {
	const message = stage.channel.messages.find((candidate) => candidate.id === id);
	if (message) return `is "${message.text}" to ${message.to}`;
	return id.startsWith('wamid.OTHER') ? 'somebody else sent' : 'the channel does not know';
}

/** Whether a request of the item ended with an unknown result, or an earlier one left its Send Once key so. */
function mayBeUnknown(story: Story, cases: readonly Case[], entry: Case, item: number, sends: readonly Asked[]): boolean {
	const timeout = timeoutOf(entry.played.node, item);
	if (sends.some((asked) => isOpen(story, entry, asked, timeout))) return true;
	const expected = entry.expectations[item]!;
	if (!expected.isOnce) return false;
	if (story.stage.store.thrown > 0) return true;
	// Concurrent processes overwrite each other's rows: Send Once is exact only within one.
	if (new Set(cases.filter((other) => other.last.from < entry.last.to).map(({ played }) => played.process)).size > 1 && story.world.moments.some(({ act }) => act.do === 'start' && act.process === 'second')) return true;
	return cases.some((other) => {
		if (other.tries[0]!.from >= entry.last.to) return false;
		return other.expectations.some((candidate, index) => {
			if (other === entry && index === item) return false;
			if (candidate.topic !== expected.topic || !candidate.isOnce) return false;
			if (areSideBySide(entry.played, other.played)) return true;
			const { execution, isKilled } = other.played;
			return isKilled || execution.cancelledAt !== undefined || other.results[index]?.outcome === 'unknown' || other.sends.some((asked) => isOpen(story, other, asked, timeoutOf(other.played.node, index)));
		});
	});
}

function isOpen({ world }: Story, { played }: Case, { fault, at, answeredAt }: Asked, timeout: number): boolean {
	if (fault && isAmbiguous(fault, timeout - world.channel.latency)) return true;
	const { cancelledAt } = played.execution;
	return cancelledAt !== undefined && cancelledAt >= at && (answeredAt === undefined || answeredAt >= cancelledAt);
}

/** Whether this customer already got this, from before or from an equal item. */
function isReallyThere(cases: readonly Case[], entry: Case, item: number, result: IDataObject): boolean {
	const { topic } = entry.expectations[item]!;
	return cases.some(({ sent }) =>
		sent.some(({ asked, message, expected }) => {
			if (asked.sequence > entry.last.to || !expected.some((candidate) => candidate.topic === topic)) return false;
			return typeof result.messageId !== 'string' || message.id === result.messageId;
		}),
	);
}
