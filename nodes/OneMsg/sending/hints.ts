import type { IDataObject, IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { explainFailure } from '../../core/failure/failure';
import type { Result } from '../../core/problem';

/** Reasons named in a hint; the others are counted together. */
const MAX_REASONS = 5;

/** Shows in the output pane what a person should know about a run of sends, where n8n has hints. `tidied` are the items with a value that lost line breaks. */
export function addHints(context: IExecuteFunctions, results: ReadonlyArray<Result<IDataObject> | undefined>, tidied: ReadonlySet<number>): void {
	if (typeof context.addExecutionHints !== 'function') return;
	const hints = [dryRun(results), testRecipient(results), refusals(results), lostBreaks(results, tidied)];
	context.addExecutionHints(...hints.filter((hint) => hint !== undefined).map((hint): NodeExecutionHint => ({ ...hint, location: 'outputPane' })));
}

type Hint = Pick<NodeExecutionHint, 'message' | 'type'>;
type Results = ReadonlyArray<Result<IDataObject> | undefined>;

function dryRun(results: Results): Hint | undefined {
	const { length } = itemsIn(results).filter(({ outcome }) => outcome === 'rehearsed');
	if (length === 0) return undefined;
	const message = length === results.length ? 'Dry Run is on: nothing was sent.' : `Dry Run is on for ${length} of ${results.length} items: they were not sent.`;
	return { message, type: 'info' };
}

function testRecipient(results: Results): Hint | undefined {
	const sent = itemsIn(results).filter(({ outcome }) => outcome === 'accepted' || outcome === 'queued');
	const { length } = sent.filter(({ redirectedFrom }) => redirectedFrom !== undefined);
	if (length === 0) return undefined;
	const message = length === 1 ? "One message went to the credential's Test Recipient, not to the customer." : `${length === sent.length ? 'All ' : ''}${length} messages went to the credential's Test Recipient, not to customers.`;
	return { message, type: 'warning' };
}

/** Codes only: a message may quote a phone. */
function refusals(results: Results): Hint | undefined {
	const counts = new Map<string, number>();
	for (const result of results) if (result && !result.ok) counts.set(result.problem.code, (counts.get(result.problem.code) ?? 0) + 1);
	if (counts.size === 0) return undefined;
	const sorted = [...counts].sort(([, one], [, other]) => other - one);
	const total = sum(sorted);
	const rest = sum(sorted.slice(MAX_REASONS));
	const reasons = sorted.slice(0, MAX_REASONS).map(([code, count]) => `${count} × ${nameOf(code)}`);
	const all = rest === 0 ? reasons : [...reasons, `${rest} for other reasons`];
	return { message: `${total} of ${results.length} items ${total === 1 ? 'was' : 'were'} not sent: ${all.join(', ')}.`, type: 'warning' };
}

function sum(counts: ReadonlyArray<readonly [code: string, count: number]>): number {
	return counts.reduce((total, [, count]) => total + count, 0);
}

/** WhatsApp's numbers say nothing to a reader. */
function nameOf(code: string): string {
	return /^\d+$/.test(code) ? `${code} (${explainFailure({ code, texts: [] }).title})` : code;
}

function lostBreaks(results: Results, tidied: ReadonlySet<number>): Hint | undefined {
	const count = [...tidied].filter((itemIndex) => results[itemIndex]?.ok).length;
	if (count === 0) return undefined;
	return { message: `WhatsApp allows no line breaks, tabs or long runs of spaces in a variable. ${count === 1 ? 'One message has' : `${count} messages have`} single spaces instead.`, type: 'info' };
}

function itemsIn(results: Results): IDataObject[] {
	return results.flatMap((result) => (result?.ok ? [result.value] : []));
}
