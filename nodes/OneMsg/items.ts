import pLimit from 'p-limit';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Result } from '../core/problem';
import { toError, toErrorItem, unreadable } from './report';

/** How one operation treats its items. */
export interface ItemWork<T> {
	/** Reads and checks an item's parameters; may ask the service, but changes nothing. */
	prepare: (itemIndex: number) => Promise<Result<T>>;
	/** Does the item's work. */
	act: (prepared: T, itemIndex: number) => Promise<Result<IDataObject>>;
	/** Items in work at once. */
	concurrency: number;
	/** Items with the same lane are done one after the other, in input order; null for none. */
	laneOf?: (prepared: T) => string | null;
}

/**
 * Runs an operation over all input items and returns one output item each, in input order, paired.
 * Every item is checked before the first one is acted on: where the node stops on errors, bad input then means that nothing was sent.
 */
export async function runItems<T>(context: IExecuteFunctions, work: ItemWork<T>): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const continues = context.continueOnFail();
	const results: Array<Result<IDataObject> | undefined> = new Array<undefined>(count).fill(undefined);
	const prepared: Array<{ value: T; itemIndex: number }> = [];
	for (let itemIndex = 0; itemIndex < count; itemIndex++) {
		const result = await prepareItem(work, itemIndex);
		if (result.ok) prepared.push({ value: result.value, itemIndex });
		else if (continues) results[itemIndex] = result;
		else throw toError(context.getNode(), result.problem, itemIndex);
	}

	const limit = pLimit(work.concurrency);
	let stopped = false;
	await Promise.all(
		lanes(prepared, work.laneOf).map(
			async (lane) =>
				await limit(async () => {
					for (const { value, itemIndex } of lane) {
						if (stopped) return;
						const result = await work.act(value, itemIndex);
						results[itemIndex] = result;
						if (!result.ok && !continues) stopped = true;
					}
				}),
		),
	);

	return results.flatMap((result, itemIndex) => {
		if (result === undefined) return [];
		if (result.ok) return [{ json: result.value, pairedItem: { item: itemIndex } }];
		if (continues) return [toErrorItem(result.problem, itemIndex)];
		throw toError(context.getNode(), result.problem, itemIndex);
	});
}

async function prepareItem<T>(work: ItemWork<T>, itemIndex: number): Promise<Result<T>> {
	try {
		return await work.prepare(itemIndex);
	} catch (error) {
		return { ok: false, problem: unreadable(error) };
	}
}

/** Groups items that must not overtake each other; the others stand alone. */
function lanes<T>(
	items: Array<{ value: T; itemIndex: number }>,
	laneOf: ItemWork<T>['laneOf'],
): Array<Array<{ value: T; itemIndex: number }>> {
	const byName = new Map<string | number, Array<{ value: T; itemIndex: number }>>();
	for (const item of items) {
		const name = laneOf?.(item.value) ?? item.itemIndex;
		const lane = byName.get(name);
		if (lane) lane.push(item);
		else byName.set(name, [item]);
	}
	return [...byName.values()];
}
