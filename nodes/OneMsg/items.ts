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
	/** Called when every item is done, with what was prepared and what came of it, to add to the results. */
	after?: (done: Array<Done<T>>) => Promise<void>;
}

/** One item whose work is done; `result` may be replaced. */
export interface Done<T> {
	prepared: T;
	itemIndex: number;
	result: Result<IDataObject>;
}

/**
 * Runs an operation over all input items and returns one output item each, in input order, paired.
 * Every item is checked before the first one is acted on: where the node stops on errors, bad input then means that nothing was sent.
 */
export async function runItems<T>(context: IExecuteFunctions, work: ItemWork<T>): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const continues = context.continueOnFail();
	const results: Array<Result<IDataObject> | undefined> = new Array<undefined>(count).fill(undefined);
	const ready: Array<{ prepared: T; itemIndex: number }> = [];
	for (let itemIndex = 0; itemIndex < count; itemIndex++) {
		const result = await prepareItem(work, itemIndex);
		if (result.ok) ready.push({ prepared: result.value, itemIndex });
		else if (continues) results[itemIndex] = result;
		else throw toError(context.getNode(), result.problem, itemIndex);
	}

	const done: Array<Done<T>> = [];
	const limit = pLimit(work.concurrency);
	let stopped = false;
	await Promise.all(
		ready.map(
			async ({ prepared, itemIndex }) =>
				await limit(async () => {
					if (stopped) return;
					const result = await work.act(prepared, itemIndex);
					done.push({ prepared, itemIndex, result });
					if (!result.ok && !continues) stopped = true;
				}),
		),
	);
	if (!stopped) await work.after?.(done);
	for (const { itemIndex, result } of done) results[itemIndex] = result;

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
