/** n8n's deduplication store as its service keeps it: one row per node, read and written whole, not atomic. */
import type { Engine } from './engine.mts';
import type { VirtualTime } from './virtual-time.mts';

/** Outcome of a store call; a throw is before or after the write. */
export type StoreFault = 'throwsBefore' | 'throwsAfter';

type Context = { workflow: { id: string }; node: { id: string } };

/** The database. It outlives processes. */
export class Store {
	readonly rows = new Map<string, string[]>();
	/** Number of calls that threw. */
	thrown = 0;
	private calls = 0;
	/** Calls of an older generation never return: their process is gone. */
	private generation = 0;

	private readonly time: VirtualTime;
	private readonly faultOf: (index: number) => StoreFault | undefined;
	private readonly latency: number;

	/** `faultOf` gives a call's fault by index. */
	constructor(time: VirtualTime, faultOf: (index: number) => StoreFault | undefined = () => undefined, latency = 1) {
		this.time = time;
		this.faultOf = faultOf;
		this.latency = latency;
	}

	/** Makes this the database of the line's engine. */
	install(engine: Engine): void {
		if (!installed.store) void engine.core.DataDeduplicationService.init(SERVICE as never);
		installed.store = this;
	}

	async record(items: string[], context: Context, maxEntries?: number): Promise<{ new: string[]; processed: string[] }> {
		return await this.call(rowOf(context), (row) => {
			const known = new Set(row);
			const fresh = items.filter((item) => !known.has(item));
			const grown = [...row, ...fresh];
			if (maxEntries) grown.splice(0, grown.length - maxEntries);
			return { row: grown, result: { new: fresh, processed: items.filter((item) => known.has(item)) } };
		});
	}

	async remove(items: string[], context: Context): Promise<void> {
		await this.call(rowOf(context), (row) => ({ row: row.filter((entry) => !items.includes(entry)), result: undefined }));
	}

	/** Drops all calls in progress, as in a crash. */
	dropCalls(): void {
		this.generation++;
	}

	private async call<T>(name: string, change: (row: string[]) => { row: string[]; result: T }): Promise<T> {
		const { generation } = this;
		const fault = this.faultOf(this.calls++);
		this.time.note();
		const read = [...(this.rows.get(name) ?? [])];
		await this.sleep(generation);
		if (fault === 'throwsBefore') this.fail();
		const { row, result } = change(read);
		this.rows.set(name, row);
		await this.sleep(generation);
		if (fault === 'throwsAfter') this.fail();
		return result;
	}

	private async sleep(generation: number): Promise<void> {
		await this.time.sleep(this.latency);
		if (generation !== this.generation) await new Promise(() => {});
	}

	private fail(): never {
		this.thrown++;
		throw new Error('SQLITE_BUSY: database is locked');
	}
}

/** The engine keeps one service for life. */
const installed: { store?: Store } = {};

const SERVICE = {
	checkProcessedAndRecord: async (items: string[], _scope: string, context: Context, { maxEntries }: { maxEntries?: number }) =>
		await installed.store!.record(items, context, maxEntries),
	removeProcessed: async (items: string[], _scope: string, context: Context) => await installed.store!.remove(items, context),
};

function rowOf({ workflow, node }: Context): string {
	return `${workflow.id}|${node.id}`;
}
