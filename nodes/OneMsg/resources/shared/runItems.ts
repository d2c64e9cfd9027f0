import { sleep, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Problem, Result } from '../../../core/problem';
import { toError, toErrorItem } from '../../../shared/nodeErrors';
import { unexpected, unreadable } from './failedItems';

/** How an operation processes its items. */
export interface ItemWork<T> {
	/** Reads and validates an item's parameters; may query the service, but has no side effects. */
	prepare: (itemIndex: number) => Promise<Result<T>>;
	/** Executes the item. */
	act: (prepared: T, itemIndex: number) => Promise<Result<IDataObject>>;
	/** Items in progress at once. */
	concurrency: number;
	/** Called if the node fails for bad input while other items are being prepared: all requests must stop. */
	stop?: () => void;
	/**
	 * Called after all items, if it applies to any, to add to the results of the given ones; `results` are those of all items.
	 * Errors are swallowed and cost only what it would have added.
	 */
	after?: (done: Array<Done<T>>, results: ReadonlyArray<Result<IDataObject> | undefined>) => Promise<void>;
	/** Turns a finished item's fields into its output item. */
	itemOf?: (fields: IDataObject, itemIndex: number) => IDataObject;
	/** Turns an item's problem into its output item; with it nothing stops, whatever On Error says. */
	failedItemOf?: (problem: Problem, itemIndex: number) => IDataObject;
	/** Called once with the final results, if nothing stopped the node. */
	ended?: (results: ReadonlyArray<Result<IDataObject> | undefined>) => void;
	/** Whether `after` applies to this item, by default to all. Others are not kept in memory. */
	isForAfter?: (prepared: T) => boolean;
}

/** A finished item; `result` may be replaced. */
export interface Done<T> {
	prepared: T;
	itemIndex: number;
	result: Result<IDataObject>;
}

/** Items started before yielding to pending requests. */
const BATCH_SIZE = 10;
/** Items prepared ahead of those being executed; more would only use memory. */
const MAX_AHEAD = 1000;

/**
 * Runs an operation over all input items and returns one paired output item each, in input order.
 * If the node stops on errors, all items are validated before the first is executed: bad input then means that nothing was sent.
 * If it continues on failure, an item is executed as soon as it and all before it are validated.
 */
export async function runItems<T>(context: IExecuteFunctions, work: ItemWork<T>): Promise<INodeExecutionData[]> {
	const { itemOf, failedItemOf } = work;
	const continues = failedItemOf !== undefined || context.continueOnFail();
	const results: Array<Result<IDataObject> | undefined> = context.getInputData().map(() => undefined);
	const done: Array<Done<T>> = [];
	const preparations = new Preparations(work, results.length, continues ? MAX_AHEAD : Infinity);
	const beginning = preparations.begin();
	if (!continues) {
		await beginning;
		const bad = await preparations.firstBad();
		if (bad) {
			work.stop?.();
			throw toError(context.getNode(), bad.problem, bad.itemIndex);
		}
	}
	let next = 0;
	let stopped = false;
	const worker = async () => {
		// The first items always run at full concurrency; after a failure no worker starts another.
		for (let isFirst = true; next < results.length && (isFirst || !stopped); isFirst = false) {
			const itemIndex = next++;
			const prepared = await preparations.inOrder(itemIndex);
			if (!prepared.ok) results[itemIndex] = prepared;
			if (!prepared.ok || (stopped && !isFirst)) continue;
			const result = await actOn(work, prepared.value, itemIndex);
			results[itemIndex] = result;
			if (work.isForAfter?.(prepared.value) ?? true) done.push({ prepared: prepared.value, itemIndex, result });
			if (!result.ok && !continues) stopped = true;
		}
	};
	await Promise.all(Array.from({ length: Math.min(work.concurrency, results.length) }, worker));
	if (!stopped && done.length > 0) await work.after?.(done, results).catch(() => undefined);
	for (const { itemIndex, result } of done) results[itemIndex] = result;
	work.ended?.(results);

	return results.flatMap((result, itemIndex) => {
		if (result === undefined) return [];
		if (result.ok) return [{ json: itemOf?.(result.value, itemIndex) ?? result.value, pairedItem: { item: itemIndex } }];
		if (failedItemOf) return [{ json: failedItemOf(result.problem, itemIndex), pairedItem: { item: itemIndex } }];
		if (continues) return [toErrorItem(result.problem, itemIndex)];
		throw toError(context.getNode(), result.problem, itemIndex);
	});
}

/** Prepares the items a few at a time, yielding to pending requests in between. */
class Preparations<T> {
	private readonly begun: Array<Promise<Result<T>> | undefined> = [];
	private last: Promise<unknown> = Promise.resolve();

	/** `ahead` items are started before the first is taken. */
	constructor(
		private readonly work: ItemWork<T>,
		private readonly count: number,
		private readonly ahead: number,
	) {}

	/** Starts the first `ahead` items; each one taken then starts another. */
	async begin(): Promise<void> {
		while (this.begun.length < Math.min(this.count, this.ahead)) {
			this.beginUntil(this.begun.length + BATCH_SIZE);
			await sleep(0);
		}
	}

	/** The first started item with a problem. */
	async firstBad(): Promise<{ problem: Problem; itemIndex: number } | undefined> {
		for (const [itemIndex, preparing] of this.begun.entries()) {
			const prepared = await preparing!;
			if (!prepared.ok) return { problem: prepared.problem, itemIndex };
		}
		return undefined;
	}

	/** Takes an item once it and all taken before it are prepared; each only once. */
	async inOrder(itemIndex: number): Promise<Result<T>> {
		const mine = this.last.then(async () => await this.take(itemIndex));
		this.last = mine;
		return await mine;
	}

	private async take(itemIndex: number): Promise<Result<T>> {
		this.beginUntil(this.begun.length < this.ahead ? itemIndex + 1 : this.begun.length + 1);
		if (itemIndex % BATCH_SIZE === BATCH_SIZE - 1) await sleep(0);
		const prepared = await this.begun[itemIndex]!;
		this.begun[itemIndex] = undefined;
		return prepared;
	}

	private beginUntil(until: number): void {
		while (this.begun.length < Math.min(until, this.count)) this.begun.push(prepareItem(this.work, this.begun.length));
	}
}

/** An error thrown for one item is that item's problem: the others continue, and the node ends after its workers. */
async function actOn<T>(work: ItemWork<T>, prepared: T, itemIndex: number): Promise<Result<IDataObject>> {
	try {
		return await work.act(prepared, itemIndex);
	} catch (error) {
		return { ok: false, problem: unexpected(error) };
	}
}

async function prepareItem<T>(work: ItemWork<T>, itemIndex: number): Promise<Result<T>> {
	try {
		return await work.prepare(itemIndex);
	} catch (error) {
		return { ok: false, problem: unreadable(error) };
	}
}
