import fc from 'fast-check';
import { sleep, type IExecuteFunctions, type INode } from 'n8n-workflow';
import { foundBeforeSending, err, ok } from '../../nodes/core/problem';
import { runItems } from '../../nodes/OneMsg/resources/shared/runItems';

/** An item's fate: preparation fails, action fails, or success; and the milliseconds of each. */
interface Fate {
	is: 'good' | 'unusable' | 'refused';
	preparing: number;
	acting: number;
}

const NODE = { id: 'n', name: 'Send', type: 't', typeVersion: 1, position: [0, 0], parameters: {} } as INode;
const problem = foundBeforeSending({ code: 'no', message: 'no', description: 'no', action: 'fixData' });

/** Runs items with these fates; returns the order of preparations and actions. */
async function run(fates: Fate[], { continues, concurrency }: { continues: boolean; concurrency: number }) {
	const context = { continueOnFail: () => continues, getInputData: () => fates.map(() => ({ json: {} })), getNode: () => NODE };
	const told = { prepared: 0, acted: [] as number[], atOnce: 0, mostAtOnce: 0, mostAhead: 0 };
	const work = {
		concurrency,
		prepare: async (item: number) => {
			const { is, preparing } = fates[item]!;
			told.prepared++;
			told.mostAhead = Math.max(told.mostAhead, told.prepared - told.acted.length);
			if (preparing > 0) await sleep(preparing);
			return is === 'unusable' ? err<number>(problem) : ok(item);
		},
		act: async (item: number) => {
			const { is, acting } = fates[item]!;
			told.acted.push(item);
			told.mostAtOnce = Math.max(told.mostAtOnce, ++told.atOnce);
			await sleep(acting);
			told.atOnce--;
			return is === 'refused' ? err<{ item: number }>(problem) : ok({ item });
		},
	};
	const output = await runItems(context as unknown as IExecuteFunctions, work).catch((error: { context: { itemIndex: number } }) => error);
	return { ...told, output: Array.isArray(output) ? output : [], failedItem: Array.isArray(output) ? undefined : output.context.itemIndex };
}

const fates = fc.array(
	fc.record({
		is: fc.oneof({ weight: 8, arbitrary: fc.constant('good' as const) }, fc.constantFrom('unusable' as const, 'refused' as const)),
		preparing: fc.constantFrom(0, 0, 0, 3),
		acting: fc.constantFrom(0, 1, 4),
	}),
	{ maxLength: 60 },
);
const concurrency = fc.constantFrom(1, 3, 400);

describe('the items of one run', () => {
	it('that goes on after errors: each gets its result in its place, is begun in its order, and no more are in work than may be', async () => {
		await fc.assert(
			fc.asyncProperty(fates, concurrency, async (given, most) => {
				const { output, acted, mostAtOnce } = await run(given, { continues: true, concurrency: most });
				expect(output.map(({ pairedItem }) => pairedItem)).toEqual(given.map((_, item) => ({ item })));
				expect(output.map(({ json }) => json.error === undefined)).toEqual(given.map(({ is }) => is === 'good'));
				expect(acted).toEqual(given.flatMap(({ is }, item) => (is === 'unusable' ? [] : [item])));
				expect(mostAtOnce).toBeLessThanOrEqual(most);
			}),
			{ numRuns: 60 },
		);
	});

	it('that stops at errors: an unusable one means that nothing is begun, a refused one is the error, and few are begun after it', async () => {
		await fc.assert(
			fc.asyncProperty(fates, concurrency, async (given, most) => {
				const { acted, failedItem, output, mostAtOnce } = await run(given, { continues: false, concurrency: most });
				const unusable = given.findIndex(({ is }) => is === 'unusable');
				const refused = given.findIndex(({ is }) => is === 'refused');
				if (unusable >= 0) return expect({ acted, failedItem }).toEqual({ acted: [], failedItem: unusable });
				expect(failedItem).toBe(refused < 0 ? undefined : refused);
				expect(acted).toEqual(acted.map((_, place) => place));
				expect(acted.length).toBeGreaterThanOrEqual(refused < 0 ? given.length : Math.min(given.length, Math.max(most, refused + 1)));
				if (most === 1 && refused >= 0) expect(acted).toHaveLength(refused + 1);
				expect(mostAtOnce).toBeLessThanOrEqual(most);
				if (refused < 0) expect(output).toHaveLength(given.length);
			}),
			{ numRuns: 60 },
		);
	});

	it('are prepared shortly before their turn', async () => {
		const many = Array.from({ length: 2500 }, () => ({ is: 'good' as const, preparing: 0, acting: 20 }));
		const { mostAhead, output } = await run(many, { continues: true, concurrency: 50 });
		expect(output).toHaveLength(2500);
		expect(mostAhead).toBeLessThan(1100);
	});
});
