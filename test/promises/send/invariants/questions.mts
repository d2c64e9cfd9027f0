/** Never pretended, for query-only nodes: their answers match the channel's records. */
import { contactKey, readRecipient } from '../oracle/recipient.mts';
import { isDigit, optionOf, says } from '../oracle/options.mts';
import { phoneOf } from '../oracle/expectation.mts';
import { errorOf, isUndisturbed, type Case } from '../case.mts';
import type { Story } from '../play.mts';
import type { Broken } from '../../world-kind.mts';

const DAY = 86_400_000;

const RANKS: Record<string, number> = { noReport: 0, sent: 1, failed: 2, delivered: 3, read: 4 };

export function checkQuestions(story: Story, cases: readonly Case[]): Broken[] {
	return cases.flatMap((entry) => {
		if (!isUndisturbed(entry)) return [];
		if (entry.played.node.operation === 'findSentMessage') return checkFound(story, entry);
		return entry.played.node.operation === 'getMessageStatus' ? checkStatus(story, entry) : [];
	});
}

function broken(what: string): Broken {
	return { invariant: 'neverPretended', what };
}

/** Finds messages to a customer within the last day, by any name of the chat, and none of other customers. */
function checkFound(story: Story, entry: Case): Broken[] {
	const { stage, jumps } = story;
	const { node } = entry.played;
	return node.rows.flatMap((_, item): Broken[] => {
		const name = `item ${item} of ${entry.name} (Find Sent Message)`;
		const result = entry.results[item];
		if (!result) return [];
		if (isDigit(node, 'simplify', item)) return [];
		const { to, mayRefuse } = readRecipient(phoneOf(node, item), optionOf(node, 'defaultCountry', item));
		const isWrong = ['empty', 'neither'].includes(says(node, 'simplify', item));
		const error = errorOf(result);
		// A username has no chat ID to ask for.
		const isNobody = to.length === 0 || to[0]!.startsWith('@');
		if (isNobody || isWrong) return error ? [] : [{ invariant: isNobody ? 'rightPerson' : 'wholeOutput', what: `${name} had to be refused, and was answered` }];
		const isCalm = !story.world.channel.throttlesQueries && entry.asked.every(({ fault }) => fault === undefined);
		if (error) return isCalm && !mayRefuse ? [broken(`${name} is the error ${error.code} (${error.message}), and nothing was wrong`)] : [];
		const key = contactKey(to[0]!);
		const own = stage.channel.kept().filter((row) => row.fromMe && contactKey(row.chatId) === key);
		const ids = own.map(({ id }) => id);
		if (typeof result.messageId === 'string' && to.length === 1 && !ids.includes(result.messageId)) return [broken(`${name} found ${result.messageId}, which was not sent to ${to[0]}`)];
		// The edge of the last day, and times skipped by the clock, are left open.
		const begun = entry.tries[0]!;
		const fresh = own.filter(({ wall }) => wall > begun.wall - DAY / 2 && wall < begun.wall);
		if (!isCalm || mayRefuse || jumps.length > 0 || fresh.length === 0 || result.found === true) return [];
		return [broken(`${name} found nothing, and the channel keeps ${fresh.map(({ id }) => id).join(', ')} for ${fresh[0]!.chatId}`)];
	});
}

/** A status is one the channel reports: never early, never missing. */
function checkStatus(story: Story, entry: Case): Broken[] {
	const { node } = entry.played;
	return node.rows.flatMap((_, item): Broken[] => {
		const result = entry.results[item];
		const name = `item ${item} of ${entry.name} (Get Message Status)`;
		if (!result || errorOf(result)) return [];
		const message = story.stage.channel.messages.find(({ id }) => id === `wamid.W${item + 1}`);
		const rankAt = (at: number) => (message ? message.statuses.filter(({ after }) => message.takenAt + after <= at).reduce((rank, { status }) => Math.max(rank, RANKS[status]!), 0) : 0);
		const rank = Number(result.rank);
		if (result.messageId !== `wamid.W${item + 1}` || RANKS[String(result.status)] !== rank) return [broken(`${name} says ${JSON.stringify(result).slice(0, 200)}`)];
		if (rank > rankAt(entry.last.endedAt!)) return [broken(`${name} is ${String(result.status)}, which the channel has not reported`)];
		const isCalm = !story.world.channel.throttlesQueries && entry.asked.every(({ fault }) => fault === undefined);
		if (isCalm && rank < rankAt(entry.tries[0]!.startedAt)) return [broken(`${name} is ${String(result.status)}, and the channel had reported more`)];
		return [];
	});
}
