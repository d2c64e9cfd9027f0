/** Searches worlds for a broken promise and shrinks what it finds. */
import fc from 'fast-check';
import type { Engine } from './engine.mts';
import { seededRandom } from './virtual-time.mts';
import type { Broken, Invariant, WorldKind } from './world-kind.mts';

/** Worlds between checks of the clock; within them, fast-check moves from plain to odd values. */
const BATCH = 20;

/** Maximum milliseconds to shrink one counterexample. */
const MAX_SHRINKING_MS = 20_000;

export interface Totals {
	worlds: number;
	messages: number;
	faults: number;
	/** Number of worlds that broke each invariant. */
	broken: Partial<Record<Invariant, number>>;
}

/** The first world that broke an invariant, shrunk. */
export interface Finding {
	kind: string;
	invariant: Invariant;
	/** Worlds searched until then. */
	after: number;
	/** fast-check's seed, and its path to the shrunk world. */
	seed: number;
	path: string;
	broken: Broken[];
	/** The world in readable form. */
	world: string;
}

export interface SearchSettings {
	engine: Engine;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	kinds: ReadonlyArray<WorldKind<any>>;
	/** A seed determines the worlds and their order. */
	seed: number;
	isOver: () => boolean;
	onFinding: (finding: Finding) => void;
	onProgress: (totals: Totals) => void;
}

/** Searches until time is up. Reports the first counterexample of each invariant and counts the rest. */
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
		if (found && performance.now() - found.since > MAX_SHRINKING_MS) return;
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
	// An error without a broken promise is a bug in this suite.
	if (!found && details.failed) throw new Error(`A world could not be played:\n${kind.show(details.counterexample![0])}`, { cause: details.errorInstance });
	if (!found || !details.counterexample) return undefined;
	const { invariant, after } = found;
	return { kind: kind.name, invariant, after, seed, path: details.counterexamplePath ?? '', broken: small.broken, world: kind.show(details.counterexample[0]) };
}
