/** Whole output: one item per input, in order, paired, each with a valid outcome or error. */
import type { IDataObject } from 'n8n-workflow';
import { errorOf, isUndisturbed, thrownBy, type Case } from '../case.mts';
import type { Story } from '../play.mts';
import { addressOf } from '../oracle/recipient.mts';
import { givesRows } from '../log-rows.mts';
import { asks } from '../world.mts';
import type { Broken } from '../../world-kind.mts';

const OUTCOMES = ['accepted', 'queued', 'unknown', 'skipped', 'rehearsed'];
const ACTIONS = ['retryLater', 'otherChannel', 'recordOptOut', 'fixData', 'fixTemplate', 'alertPerson'];

export function checkOutput(story: Story, cases: readonly Case[]): Broken[] {
	return [...story.played.flatMap(checkExecution), ...cases.flatMap((entry) => [...checkItems(entry), ...checkDue(story, entry)])].map((what) => ({ invariant: 'wholeOutput', what }));
}

function checkExecution({ execution, isKilled }: Story['played'][number]): string[] {
	if (isKilled || execution.failure === undefined || execution.cancelledAt !== undefined) return [];
	return [`${execution.plan.name} made n8n's engine throw ${String(execution.failure)}`];
}

function checkItems(entry: Case): string[] {
	const { played, last, name } = entry;
	const { node } = played;
	const thrown = thrownBy(entry);
	if (thrown) {
		if (node.onError === undefined && (asks(node) || !givesRows(node))) return [];
		return [`${name} continues on errors and threw "${thrown.message}"`];
	}
	if (!last.output) return [];
	const found: string[] = [];
	if (last.output.length !== node.rows.length) found.push(`${name} gave ${last.output.length} items for ${node.rows.length}`);
	for (const [index, { json, pairedItem }] of last.output.entries()) {
		const item = typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : undefined;
		if (item !== index) found.push(`item ${index} of ${name} is paired with ${JSON.stringify(pairedItem)}`);
		const problem = 'error' in json ? problemOfError(json, index) : asks(node) || givesRows(node) ? undefined : problemOfOutcome(json);
		if (problem) found.push(`item ${index} of ${name} ${problem}: ${JSON.stringify(json).slice(0, 300)}`);
		if ('error' in json && node.onError === undefined) found.push(`item ${index} of ${name} is an error item, and the node stops on errors`);
	}
	return found.slice(0, 3);
}

function problemOfError(json: IDataObject, item: number): string | undefined {
	if (Object.keys(json).length !== 1) return 'has more beside its error';
	const { message, description, code, httpCode, retryable, action, retryAfter, itemIndex } = json.error as IDataObject;
	if (typeof message !== 'string' || message === '' || typeof description !== 'string' || description === '') return 'has an error without words';
	if (typeof code !== 'string' || !/^([a-z0-9]+(-[a-z0-9]+)*|\d+)$/.test(code)) return 'has an error with a code of another form';
	if (httpCode !== null && typeof httpCode !== 'number') return 'has an error with an httpCode of another type';
	if (!ACTIONS.includes(String(action)) || retryable !== (action === 'retryLater')) return 'has an error whose action and retryable do not go together';
	if (retryAfter !== null && (typeof retryAfter !== 'number' || action !== 'retryLater')) return 'has an error with a retryAfter that nobody can use';
	return itemIndex === item ? undefined : 'has an error of another item';
}

function problemOfOutcome(json: IDataObject): string | undefined {
	if (!OUTCOMES.includes(String(json.outcome))) return 'has no outcome';
	if (json.messageId !== null && typeof json.messageId !== 'string') return 'has a messageId of another type';
	if (json.outcome === 'queued' && typeof json.jobId !== 'string') return 'is queued without a job';
	if (json.outcome === 'unknown' && (typeof json.reason !== 'string' || json.reason === '')) return 'is unknown without a reason';
	if (json.outcome !== 'accepted' && json.outcome !== 'skipped' && json.messageId !== null) return 'has the ID of a message that nobody accepted';
	return addressOf(json) === 'nobody' || typeof json.recipient !== 'string' || typeof json.contactKey !== 'string' ? 'does not say whose it is' : undefined;
}

/** Items to refuse were refused, for the right reason; if nothing went wrong, the others were sent. */
function checkDue(story: Story, entry: Case): string[] {
	if (!isUndisturbed(entry) || asks(entry.played.node)) return [];
	const { stage, played } = story;
	const isCalm = stage.channel.asked.every(({ fault }) => fault === undefined) && stage.store.thrown === 0 && played.every(({ process, isKilled, execution }) => process === played[0]!.process && !isKilled && execution.cancelledAt === undefined);
	const { node } = entry.played;
	const thrown = thrownBy(entry);
	if (thrown) {
		if (!isCalm || entry.expectations.some(({ mayRefuse }) => mayRefuse)) return [];
		return [`${entry.name} threw ${thrown.code} (${thrown.message}), and nothing was wrong`];
	}
	return entry.expectations.flatMap((expected, item): string[] => {
		const result = entry.results[item];
		const error = errorOf(result);
		const name = `item ${item} of ${entry.name}`;
		if (!result) return [];
		if (expected.what === 'refuse') {
			if (!error) return [`${name} had to be refused (${expected.refusals.flat().join(', ')}), and is ${String(result.outcome)}`];
			const isNamed = expected.refusals.some((codes) => codes.length === 0 || codes.includes(error.code));
			return isNamed || !isCalm ? [] : [`${name} had to be refused as ${expected.refusals.flat().join(' or ')}, and is ${error.code} (${error.message})`];
		}
		if (error) return isCalm && !expected.mayRefuse ? [`${name} is the error ${error.code} (${error.message}), and nothing was wrong`] : [];
		if (expected.what === 'rehearse') return result.outcome === 'rehearsed' ? [] : [`${name} had to be rehearsed, and is ${String(result.outcome)}`];
		if (!isCalm || result.outcome === 'accepted' || (result.outcome === 'skipped' && expected.isOnce)) return [];
		return [`${name} is ${String(result.outcome)}, and nothing was wrong (${node.operation})`];
	}).slice(0, 3);
}
