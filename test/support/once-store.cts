import { core } from './line.cjs';

/**
 * Simulates n8n's deduplication store: one row per node, read and written whole, not atomic.
 * Rows outlive executions; `clear` resets the database.
 */
export function installOnceStore(): { rows: Map<string, string[]>; clear(): void } {
	const rows = new Map<string, string[]>();
	const slowly = async () => await new Promise((resolve) => setTimeout(resolve, 1));
	const nameOf = ({ workflow, node }: { workflow: { id: string }; node: { id: string } }) => `${workflow.id}|${node.id}`;
	type Context = Parameters<typeof nameOf>[0];
	const store = {
		async checkProcessedAndRecord(items: string[], _scope: string, context: Context, options: { maxEntries?: number }) {
			const row = [...(rows.get(nameOf(context)) ?? [])];
			await slowly();
			const known = new Set(row);
			const fresh = items.filter((item) => !known.has(item));
			row.push(...fresh);
			if (options.maxEntries) row.splice(0, row.length - options.maxEntries);
			await slowly();
			rows.set(nameOf(context), row);
			return { new: fresh, processed: items.filter((item) => known.has(item)) };
		},
		async removeProcessed(items: string[], _scope: string, context: Context) {
			const row = rows.get(nameOf(context)) ?? [];
			await slowly();
			rows.set(nameOf(context), row.filter((entry) => !items.includes(entry)));
		},
	};
	void core.DataDeduplicationService.init(store as never);
	return { rows, clear: () => rows.clear() };
}
