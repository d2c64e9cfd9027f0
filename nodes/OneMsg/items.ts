import pLimit from 'p-limit';
import { sleep, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Result } from '../core/problem';
import { toError, toErrorItem } from '../report';
import { unreadable } from './report';

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

/** Items whose preparing is begun before the requests under way get their turn. */
const BEGUN_AT_ONCE = 10;
/** Items that are acted on before their requests leave. */
const STARTED_AT_ONCE = 50;

/**
 * Runs an operation over all input items and returns one output item each, in input order, paired.
 * Where the node stops on errors, every item is checked before the first one is acted on: bad input then means that nothing was sent.
 * Where it continues, an item is acted on as soon as it and all before it are checked.
 */
export async function runItems<T>(context: IExecuteFunctions, work: ItemWork<T>): Promise<INodeExecutionData[]> {
	const continues = context.continueOnFail();
	const results: Array<Result<IDataObject> | undefined> = context.getInputData().map(() => undefined);
	const done: Array<Done<T>> = [];
	const limit = pLimit(work.concurrency);
	let stopped = false;
	const act = async (prepared: T, itemIndex: number) => {
		if (stopped) return;
		const result = await work.act(prepared, itemIndex);
		done.push({ prepared, itemIndex, result });
		if (!result.ok && !continues) stopped = true;
	};

	const acting: Array<Promise<void>> = [];
	const start = (result: Result<T>, itemIndex: number) => {
		if (result.ok) acting.push(limit(act, result.value, itemIndex));
		else if (continues) results[itemIndex] = result;
		else throw toError(context.getNode(), result.problem, itemIndex);
	};
	const prepared: Array<Promise<Result<T>>> = [];
	let inOrder = Promise.resolve();
	for (const itemIndex of results.keys()) {
		const preparing = prepareItem(work, itemIndex);
		prepared.push(preparing);
		if (continues) {
			inOrder = inOrder.then(async () => {
				start(await preparing, itemIndex);
				await breathe(itemIndex);
			});
		}
		if (prepared.length % BEGUN_AT_ONCE === 0) await sleep(0);
	}
	if (continues) await inOrder;
	else await checkAll(prepared, start);
	await Promise.all(acting);
	if (!stopped) await work.after?.(done);
	for (const { itemIndex, result } of done) results[itemIndex] = result;

	return results.flatMap((result, itemIndex) => {
		if (result === undefined) return [];
		if (result.ok) return [{ json: result.value, pairedItem: { item: itemIndex } }];
		if (continues) return [toErrorItem(result.problem, itemIndex)];
		throw toError(context.getNode(), result.problem, itemIndex);
	});
}

/** Waits until all are prepared; those before the first that cannot be used are not started either. */
async function checkAll<T>(prepared: Array<Promise<Result<T>>>, start: (result: Result<T>, itemIndex: number) => void): Promise<void> {
	const all = await Promise.all(prepared);
	const bad = all.findIndex(({ ok }) => !ok);
	if (bad >= 0) start(all[bad]!, bad);
	for (const [itemIndex, result] of all.entries()) {
		start(result, itemIndex);
		await breathe(itemIndex);
	}
}

/** Now and then lets go what was started. */
async function breathe(itemIndex: number): Promise<void> {
	if (itemIndex % STARTED_AT_ONCE === STARTED_AT_ONCE - 1) await sleep(0);
}

async function prepareItem<T>(work: ItemWork<T>, itemIndex: number): Promise<Result<T>> {
	try {
		return await work.prepare(itemIndex);
	} catch (error) {
		return { ok: false, problem: unreadable(error) };
	}
}
