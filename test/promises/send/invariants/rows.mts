/** Log rows: all columns, flat, under an ID that no other customer's row has; and the input's fields, where wanted. */
import type { IDataObject } from 'n8n-workflow';
import { COLUMNS, givesRows } from '../log-rows.mts';
import { isDigit, says } from '../oracle/options.mts';
import type { Case } from '../case.mts';
import type { Expectation } from '../oracle/expectation.mts';
import type { Story } from '../play.mts';
import { asks } from '../world.mts';
import type { Broken } from '../../world-kind.mts';

const TOLD = ['accepted', 'queued', 'unknown', 'skipped'];
/** Refusals that depend on the item alone. */
const OF_THE_ITEM = ['no-opt-in', 'invalid-phone', 'invalid-recipient', 'ambiguous-phone', 'invalid-option', 'empty-variable'];

export function checkRows(_story: Story, cases: readonly Case[]): Broken[] {
	const sends = cases.filter(({ played }) => !asks(played.node));
	return [...[...sends.flatMap(checkForm), ...sends.flatMap(checkInput)].map((what) => ({ invariant: 'wholeOutput' as const, what })), ...checkIds(sends)];
}

interface Logged {
	json: IDataObject;
	item: number;
	entry: Case;
}

function itemsOf(entry: Case): Logged[] {
	return (entry.last.output ?? []).map(({ json }, item) => ({ json, item, entry }));
}

function checkForm(entry: Case): string[] {
	if (!givesRows(entry.played.node)) return [];
	return itemsOf(entry).flatMap(({ json, item }) => {
		const problem = problemOf(json) ?? (isToldOf(json, entry.expectations[item]) ? undefined : 'says of a customer what the Test Recipient got');
		return problem === undefined ? [] : [`the row of item ${item} of ${entry.name} ${problem}: ${JSON.stringify(json).slice(0, 400)}`];
	}).slice(0, 3);
}

function problemOf(row: IDataObject): string | undefined {
	if (COLUMNS.some((name, index) => Object.keys(row)[index] !== name)) return 'has other columns';
	if (Object.values(row).some((value) => value === undefined || (typeof value === 'object' && value !== null))) return 'is not flat';
	if (typeof row.logId !== 'string' || row.logId.trim() === '') return 'has no logId';
	if (row.told !== TOLD.includes(String(row.outcome))) return 'is told wrongly';
	if (row.acceptedAt === null ? row.outcome === 'accepted' : row.outcome !== 'accepted' && row.outcome !== 'rehearsed') return 'has a time of another outcome';
	if ((row.status === null) !== (row.rank === 0)) return 'has a rank without a status';
	return (row.outcome === 'refused') === (typeof row.errorCode === 'string' && row.status === null) ? undefined : 'has an error of another outcome';
}

/** A message to the Test Recipient, and no other, is a rehearsal. */
function isToldOf({ outcome }: IDataObject, expected: Expectation | undefined): boolean {
	if (!expected || outcome === 'refused' || expected.what === 'rehearse' || expected.what === 'refuse') return true;
	return (outcome === 'rehearsed') === expected.isDiverted;
}

function checkInput(entry: Case): string[] {
	const { node } = entry.played;
	return itemsOf(entry).flatMap(({ json, item }) => {
		if ('error' in json || isDigit(node, 'includeInputFields', item)) return [];
		const isWanted = says(node, 'includeInputFields', item) === 'yes';
		const { ref } = node.rows[item]!;
		return json.ref === (isWanted ? ref : undefined) ? [] : [`item ${item} of ${entry.name} has the input's field ${JSON.stringify(json.ref)}, and ${isWanted ? ref : 'none'} is wanted`];
	}).slice(0, 3);
}

function checkIds(cases: readonly Case[]): Broken[] {
	const rows = cases.filter(({ played }) => givesRows(played.node)).flatMap(itemsOf);
	const customerOf = ({ entry, item }: Logged) => entry.expectations[item]!.customer;
	const shared = [...Map.groupBy(rows, ({ json }) => json.logId).values()].flatMap((same): Broken[] => {
		const other = same.find((row) => customerOf(row) !== customerOf(same[0]!));
		return other ? [{ invariant: 'rightPerson', what: `${nameOf(same[0]!)} and ${nameOf(other)} are of two customers and have the same logId ${String(other.json.logId)}` }] : [];
	});
	const refused = rows.filter(({ json }) => OF_THE_ITEM.includes(String(json.errorCode)));
	const changed = [...Map.groupBy(refused, ({ entry, item, json }) => JSON.stringify([entry.played.nodeIndex, item, entry.played.testRecipient ?? null, json.errorCode])).values()].flatMap((same): Broken[] => {
		// A text with the time in it is another message each time.
		if (same[0]!.entry.played.node.changing) return [];
		const other = same.find(({ json }) => json.logId !== same[0]!.json.logId);
		return other ? [{ invariant: 'wholeOutput', what: `${nameOf(same[0]!)} and ${nameOf(other)} are the same refused item under two logIds` }] : [];
	});
	return [...shared, ...changed].slice(0, 3);
}

function nameOf({ entry, item }: Logged): string {
	return `item ${item} of ${entry.name}`;
}
