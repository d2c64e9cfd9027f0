import { sleep, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Problem, Result } from '../../../core/problem';
import { toError, toErrorItem } from '../../../shared/errors';
import { unexpected, unreadable } from './failures';

/** How one operation treats its items. */
export interface ItemWork<T> {
	/** Reads and checks an item's parameters; may ask the service, but changes nothing. */
	prepare: (itemIndex: number) => Promise<Result<T>>;
	/** Does the item's work. */
	act: (prepared: T, itemIndex: number) => Promise<Result<IDataObject>>;
	/** Items in work at once. */
	concurrency: number;
	/** Called when the node ends for bad input while others are still being prepared: nothing may be asked any more. */
	stop?: () => void;
	/**
	 * Called when every item is done, where it is about any, with what was prepared and what came of it, to add to the results;
	 * and with all results, by item. What it throws is lost, and with it only what it would have added.
	 */
	after?: (done: Array<Done<T>>, results: ReadonlyArray<Result<IDataObject> | undefined>) => Promise<void>;
	/** Whether `after` is about this item; without it, about all. The others need not be kept in memory. */
	isForAfter?: (prepared: T) => boolean;
}

/** One item whose work is done; `result` may be replaced. */
export interface Done<T> {
	prepared: T;
	itemIndex: number;
	result: Result<IDataObject>;
}

/** Items that are begun before the requests under way get their turn. */
const AT_ONCE = 10;
/** Items whose preparing is begun ahead of those that are acted on, while the first wait for what they need; more would only fill the memory. */
const AHEAD = 1000;

/**
 * Runs an operation over all input items and returns one output item each, in input order, paired.
 * Where the node stops on errors, every item is checked before the first one is acted on: bad input then means that nothing was sent.
 * Where it continues, an item is acted on as soon as it and all before it are checked.
 */
export async function runItems<T>(context: IExecuteFunctions, work: ItemWork<T>): Promise<INodeExecutionData[]> {
	const continues = context.continueOnFail();
	const results: Array<Result<IDataObject> | undefined> = context.getInputData().map(() => undefined);
	const done: Array<Done<T>> = [];
	const preparations = new Preparations(work, results.length, continues ? AHEAD : Infinity);
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
		// As many as may be in work are, whatever becomes of the first of them; after a failure nobody begins another one.
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

	return results.flatMap((result, itemIndex) => {
		if (result === undefined) return [];
		if (result.ok) return [{ json: result.value, pairedItem: { item: itemIndex } }];
		if (continues) return [toErrorItem(result.problem, itemIndex)];
		throw toError(context.getNode(), result.problem, itemIndex);
	});
}

/** The items' preparing, begun a few at a time, so that requests under way get their turn in between. */
class Preparations<T> {
	private readonly begun: Array<Promise<Result<T>> | undefined> = [];
	private last: Promise<unknown> = Promise.resolve();

	/** `ahead` items are begun before the first is asked for. */
	constructor(
		private readonly work: ItemWork<T>,
		private readonly count: number,
		private readonly ahead: number,
	) {}

	/** Begins as many as may be ahead; each that is asked for then begins another one. */
	async begin(): Promise<void> {
		while (this.begun.length < Math.min(this.count, this.ahead)) {
			this.beginUntil(this.begun.length + AT_ONCE);
			await sleep(0);
		}
	}

	/** Of all that were begun, the first that cannot be used. */
	async firstBad(): Promise<{ problem: Problem; itemIndex: number } | undefined> {
		for (const [itemIndex, preparing] of this.begun.entries()) {
			const prepared = await preparing!;
			if (!prepared.ok) return { problem: prepared.problem, itemIndex };
		}
		return undefined;
	}

	/** An item, once it and all that were asked for before it are prepared; each can be asked for once. */
	async inOrder(itemIndex: number): Promise<Result<T>> {
		const mine = this.last.then(async () => await this.take(itemIndex));
		this.last = mine;
		return await mine;
	}

	private async take(itemIndex: number): Promise<Result<T>> {
		this.beginUntil(this.begun.length < this.ahead ? itemIndex + 1 : this.begun.length + 1);
		if (itemIndex % AT_ONCE === AT_ONCE - 1) await sleep(0);
		const prepared = await this.begun[itemIndex]!;
		this.begun[itemIndex] = undefined;
		return prepared;
	}

	private beginUntil(until: number): void {
		while (this.begun.length < Math.min(until, this.count)) this.begun.push(prepareItem(this.work, this.begun.length));
	}
}

/** Whatever is thrown for one item is that item's problem: the others go on, and the node ends when its workers have. */
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
