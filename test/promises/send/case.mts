/** One run of a node, with all observations. */
import type { IDataObject } from 'n8n-workflow';
import type { Asked, TakenMessage } from '../channel.mts';
import type { NodeTry } from '../execution.mts';
import { expect, type Expectation } from './oracle/expectation.mts';
import type { Played, Story } from './play.mts';
import { givesRows, resultOfRow } from './log-rows.mts';
import { asks, type NodePlan } from './world.mts';

export interface Case {
	played: Played;
	run: number;
	/** n8n's calls of the node for this run, in order. */
	tries: NodeTry[];
	last: NodeTry;
	/** The node's requests in this run, in order. */
	asked: Asked[];
	sends: Asked[];
	/** Sends whose message the channel accepted. */
	sent: Sent[];
	/** By item; empty for a query-only node. */
	expectations: Expectation[];
	/** The last attempt's result per item; undefined if none. */
	results: Array<IDataObject | undefined>;
	/** Its name in reports. */
	name: string;
}

/** An accepted message and its possible items. */
export interface Sent {
	asked: Asked;
	message: TakenMessage;
	ref: number | undefined;
	/** Several for duplicate rows. */
	items: number[];
	expected: Expectation[];
	/** Index of its attempt in the run. */
	attempt: number;
}

const SENDS = ['/sendTemplate', '/sendMessage'];

export function casesOf(story: Story): Case[] {
	const asked = Map.groupBy(story.stage.channel.asked, ({ execution }) => execution);
	const expectationsOf = memoized((nodeIndex, testRecipient) => story.world.nodes[nodeIndex]!.rows.map((_, item) => expect(story.world, nodeIndex, item, testRecipient)));
	return story.played.flatMap((played) => {
		const { tries, plan } = played.execution;
		const { rows, runs } = played.node;
		const places = Map.groupBy(rows.keys(), (item) => rows[item]!.ref);
		const expectations = asks(played.node) ? [] : expectationsOf(played.nodeIndex, played.testRecipient);
		return [...new Set(tries.map(({ run }) => run))].map((run): Case => {
			const own = tries.filter((entry) => entry.run === run);
			const from = own[0]!.from;
			const until = tries.find((entry) => entry.run > run)?.from ?? Infinity;
			const within = (asked.get(plan.name) ?? []).filter(({ sequence }) => sequence > from && sequence < until);
			const sends = within.filter(({ path }) => SENDS.includes(path));
			const last = own.at(-1)!;
			return {
				played,
				run,
				tries: own,
				last,
				asked: within,
				sends,
				sent: sends.flatMap((one): Sent[] => {
					if (!one.message) return [];
					const ref = refOf(one);
					const items = places.get(ref ?? NaN) ?? [];
					const attempt = own.findLastIndex((entry) => entry.from < one.sequence);
					return [{ asked: one, message: one.message, ref, items, expected: items.map((item) => expectations[item]!), attempt }];
				}),
				expectations,
				results: resultsOf(last, played.node),
				name: `${plan.name}${runs > 1 ? `, run ${run + 1}` : ''}`,
			};
		});
	});
}

function memoized(make: (nodeIndex: number, testRecipient: unknown) => Expectation[]): typeof make {
	const made = new Map<string, Expectation[]>();
	return (nodeIndex, testRecipient) => {
		const name = `${nodeIndex} ${typeof testRecipient} ${String(testRecipient)}`;
		const known = made.get(name) ?? make(nodeIndex, testRecipient);
		made.set(name, known);
		return known;
	};
}

function resultsOf({ output }: NodeTry, node: NodePlan): Case['results'] {
	const count = node.rows.length;
	const results: Case['results'] = new Array(count).fill(undefined);
	for (const { json, pairedItem } of output ?? []) {
		const item = typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : undefined;
		if (item !== undefined && item < count) results[item] = givesRows(node) ? resultOfRow(json, item) : json;
	}
	return results;
}

/** Reference of the row being sent; undefined if absent. */
export function refOf({ path, body }: Asked): number | undefined {
	const params = (Array.isArray(body.params) ? body.params : []) as Array<{ type?: string; parameters?: Array<{ text?: unknown }> }>;
	const text = path === '/sendMessage' ? body.body : params.find(({ type }) => type === 'body')?.parameters?.[1]?.text;
	const found = /(?<!\d)1\d{5}(?!\d)/.exec(String(text ?? ''));
	return found ? Number(found[0]) : undefined;
}

/** An error item's error, or the one thrown for an item. */
export interface ShownError {
	message: string;
	code: string;
	itemIndex: number | undefined;
}

export function errorOf(result: IDataObject | undefined): ShownError | undefined {
	const error = result?.error;
	if (typeof error !== 'object' || error === null) return undefined;
	const { message, code, itemIndex } = error as Record<string, unknown>;
	return { message: String(message), code: String(code), itemIndex: Number(itemIndex) };
}

export function thrownBy({ last }: Case): ShownError | undefined {
	if (last.thrown === undefined) return undefined;
	const { message, context } = last.thrown as { message?: string; context?: { itemIndex?: number; data?: { code?: string } } };
	return { message: String(message), code: String(context?.data?.code), itemIndex: context?.itemIndex };
}

/** Whether the execution completed normally. */
export function isUndisturbed({ played }: Case): boolean {
	return !played.isKilled && played.stuck === undefined && played.execution.cancelledAt === undefined;
}

/** Whether two executions overlapped in two n8n processes, where Send Once promises less. */
export function areSideBySide(one: Played, other: Played): boolean {
	if (one.process === other.process) return false;
	const end = ({ endedAt, isKilled, startedAt }: Played) => (isKilled ? startedAt : (endedAt ?? Infinity));
	return one.startedAt < end(other) && other.startedAt < end(one);
}
