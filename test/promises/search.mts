/** Searches world after world for a broken promise, and makes what it finds small. */
import fc from 'fast-check';
import type { Engine } from './engine.mts';
import { seededRandom } from './virtual-time.mts';
import type { Broken, Invariant, WorldKind } from './world-kind.mts';

/** Worlds between two looks at the clock; fast-check turns from plain to odd values within them. */
const BATCH = 20;

/** Milliseconds that making one counterexample small may take. */
const LONGEST_SHRINKING = 20_000;

export interface Totals {
	worlds: number;
	messages: number;
	faults: number;
	/** How many worlds broke which invariant. */
	broken: Partial<Record<Invariant, number>>;
}

/** The first world that broke an invariant, made small. */
export interface Finding {
	kind: string;
	invariant: Invariant;
	/** Worlds until it was found. */
	after: number;
	/** Seed of fast-check, and its path to the small world. */
	seed: number;
	path: string;
	broken: Broken[];
	/** The world, as a person reads it. */
	world: string;
}

export interface SearchSettings {
	engine: Engine;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	kinds: ReadonlyArray<WorldKind<any>>;
	/** The same seed searches the same worlds in the same order. */
	seed: number;
	isOver: () => boolean;
	onFinding: (finding: Finding) => void;
	onProgress: (totals: Totals) => void;
}

/** Searches until it is over. Of each invariant the first counterexample is shown, the others are counted. */
export async function search({ engine, kinds, seed, isOver, onFinding, onProgress }: SearchSettings): Promise<Totals> {
	const totals: Totals = { worlds: 0, messages: 0, faults: 0, broken: {} };
	const random = seededRandom(seed);
	const shown = new Set<string>();
	const all = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
	for (let batch = 0; !isOver(); batch++) {
		const kind = all[batch % all.length]!;
		const finding = await searchBatch(engine, kind, Math.floor(random() * 2 ** 31), totals, shown, isOver);
		if (finding) onFinding(finding);
		onProgress(totals);
	}
	return totals;
}

async function searchBatch<W>(engine: Engine, kind: WorldKind<W>, seed: number, totals: Totals, shown: Set<string>, isOver: () => boolean): Promise<Finding | undefined> {
	let found: { invariant: Invariant; after: number; since: number } | undefined;
	let small: { broken: Broken[] } = { broken: [] };
	const property = fc.asyncProperty(kind.arbitrary, async (world) => {
		if (!found && isOver()) return;
		if (found && performance.now() - found.since > LONGEST_SHRINKING) return;
		const { broken, messages, faults } = await kind.play(engine, world);
		if (found) {
			const { invariant } = found;
			if (!broken.some((one) => one.invariant === invariant)) return;
			small = { broken };
			throw new Error(invariant);
		}
		totals.worlds++;
		totals.messages += messages;
		totals.faults += faults;
		const invariants = new Set(broken.map(({ invariant }) => invariant));
		for (const invariant of invariants) totals.broken[invariant] = (totals.broken[invariant] ?? 0) + 1;
		const fresh = [...invariants].find((invariant) => !shown.has(`${kind.name} ${invariant}`));
		if (fresh === undefined) return;
		shown.add(`${kind.name} ${fresh}`);
		found = { invariant: fresh, after: totals.worlds, since: performance.now() };
		small = { broken };
		throw new Error(fresh);
	});
	const details = await fc.check(property, { seed, numRuns: BATCH });
	if (!found || !details.counterexample) return undefined;
	const { invariant, after } = found;
	return { kind: kind.name, invariant, after, seed, path: details.counterexamplePath ?? '', broken: small.broken, world: kind.show(details.counterexample[0]) };
}
