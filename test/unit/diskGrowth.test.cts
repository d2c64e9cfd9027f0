import { createRequire } from 'node:module';

const { diskGrowth } = createRequire(__filename)('../../tools/disk-growth.cjs') as {
	diskGrowth: (folder: string, freeBytes?: (folder: string) => number) => () => number;
};

/** A disk whose free bytes are these, one reading after the other. */
function disk(...free: number[]): () => number {
	return () => free.shift() ?? NaN;
}

test('grows with what was written, and never shrinks for what others delete', () => {
	const grown = diskGrowth('any', disk(1000, 900, 2000, 400));
	expect([grown(), grown(), grown()]).toEqual([100, 100, 600]);
});

test('is 0 where the disk does not tell', () => {
	expect(diskGrowth('any', disk(NaN, NaN))()).toBe(0);
	expect(diskGrowth('/no/such/folder')()).toBe(0);
});
