import { createRequire } from 'node:module';

const { diskGrowth } = createRequire(__filename)('../../tools/disk-growth.cjs') as {
	diskGrowth: (folder: string, freeBytes?: (folder: string) => number) => () => number;
};

/** A disk with these successive readings of free bytes. */
function disk(...free: number[]): () => number {
	return () => free.shift() ?? NaN;
}

test('grows with writes, and ignores deletions by others', () => {
	const grown = diskGrowth('any', disk(1000, 900, 2000, 400));
	expect([grown(), grown(), grown()]).toEqual([100, 100, 600]);
});

test('is 0 if the disk reports nothing', () => {
	expect(diskGrowth('any', disk(NaN, NaN))()).toBe(0);
	expect(diskGrowth('/no/such/folder')()).toBe(0);
});
