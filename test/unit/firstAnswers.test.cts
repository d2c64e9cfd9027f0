import { setTimeout as wait } from 'node:timers/promises';
import { FirstAnswers } from '../../nodes/OneMsg/sending/firstAnswers';

/** Enters this many messages; `entered` lists those admitted, in order. */
function batchOf(count: number): { firstAnswers: FirstAnswers; entered: number[]; all: Promise<unknown> } {
	const firstAnswers = new FirstAnswers();
	const entered: number[] = [];
	const all = Promise.all(Array.from({ length: count }, async (_, message) => {
		await firstAnswers.enter();
		entered.push(message);
	}));
	return { firstAnswers, entered, all };
}

describe('a batch before its first answer', () => {
	it('sends fifty, then the others in order once the answer is classified', async () => {
		const { firstAnswers, entered, all } = batchOf(1000);
		await wait(20);
		expect(entered).toHaveLength(50);
		firstAnswers.done();
		await all;
		expect(entered).toEqual(Array.from({ length: 1000 }, (_, message) => message));
	});

	it('is admitted a few at a time, so that further answers are read in between', async () => {
		const { firstAnswers, entered, all } = batchOf(1000);
		await wait(20);
		firstAnswers.done();
		await Promise.resolve();
		await new Promise((done) => setImmediate(done));
		expect(entered.length).toBeLessThan(200);
		await all;
	});

	it('never lets new messages overtake waiting ones', async () => {
		const { firstAnswers, entered, all } = batchOf(200);
		await wait(20);
		firstAnswers.done();
		const late = firstAnswers.enter().then(() => entered.push(200));
		await Promise.all([all, late]);
		expect(entered.at(-1)).toBe(200);
		await firstAnswers.enter();
	});
});
