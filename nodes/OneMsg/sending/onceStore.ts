import { sleep, type ICheckProcessedOptions, type IExecuteFunctions } from 'n8n-workflow';
import { entriesOf, stateOf, type KeyState } from '../../core/onceKeys';

/** Entries kept per node; the oldest are forgotten first. A settled key is one entry of 27 bytes in n8n's database. */
export const MOST_KEYS = 20_000;

const KEPT: ICheckProcessedOptions = { mode: 'entries', maxEntries: MOST_KEYS };

/** Milliseconds that wishes gather before a round. */
const GATHERING = 2;

type Helpers = IExecuteFunctions['helpers'];

/** What became of a key that this process used; `messageId` null where the answer had none. */
export interface Settled {
	messageId: string | null;
}

export type Claim =
	| { state: 'claimed' }
	/** Settled before; `messageId` only where this process settled it. */
	| { state: 'settled'; messageId: string | null }
	/** Claimed by a run that ended before its answer came. */
	| { state: 'pending' };

interface Wish {
	kind: 'claim' | 'settle' | 'free';
	key: string;
	/** A claim that is granted whatever is known of the key. */
	again: boolean;
	helpers: Helpers;
	done: (state: KeyState) => void;
	failed: (error: unknown) => void;
}

/**
 * The `sendOnce` keys of one node of one workflow. n8n's store reads and writes all keys at once and is not atomic,
 * so every use of it in this process goes through here, one round after the other; wishes that gather meanwhile share a round.
 */
export class OnceStore {
	private readonly wishes: Wish[] = [];
	private isRunning = false;
	/** Keys being sent by this process, and who waits for them. */
	private readonly inFlight = new Map<string, Promise<Settled | null>>();
	private readonly finish = new Map<string, (settled: Settled | null) => void>();
	private readonly recent = new Map<string, Settled>();

	/** Claims a key for a send. Where this process is just sending it, waits for that send's end first. */
	async claim(helpers: Helpers, key: string, again: boolean): Promise<Claim> {
		for (let running = this.inFlight.get(key); running; running = this.inFlight.get(key)) {
			const settled = await running;
			if (settled && !again) return { state: 'settled', ...settled };
		}
		const recent = again ? undefined : this.recent.get(key);
		if (recent) return { state: 'settled', ...recent };
		this.inFlight.set(key, new Promise((resolve) => this.finish.set(key, resolve)));
		let isClaimed = false;
		try {
			const state = await this.wish(helpers, 'claim', key, again);
			isClaimed = state === 'free' || again;
			if (isClaimed) return { state: 'claimed' };
			if (state === 'pending') return { state };
			this.recall(key, { messageId: null });
			return { state: 'settled', messageId: null };
		} finally {
			if (!isClaimed) this.release(key, null);
		}
	}

	/** The claimed key's message was taken over: it is never sent again. */
	async settle(helpers: Helpers, key: string, settled: Settled): Promise<void> {
		try {
			await this.wish(helpers, 'settle', key);
		} finally {
			this.recall(key, settled);
			this.release(key, settled);
		}
	}

	/** The claimed key's message was certainly not taken over: the key is free again. */
	async free(helpers: Helpers, key: string): Promise<void> {
		try {
			await this.wish(helpers, 'free', key);
		} finally {
			this.release(key, null);
		}
	}

	/** Nobody knows whether the claimed key's message was taken over: it stays pending. */
	leave(key: string): void {
		this.release(key, null);
	}

	/** Remembers a settled key in this process, so that asking for it again costs the store nothing. */
	private recall(key: string, settled: Settled): void {
		this.recent.delete(key);
		this.recent.set(key, settled);
		if (this.recent.size > MOST_KEYS) this.recent.delete(this.recent.keys().next().value!);
	}

	private release(key: string, settled: Settled | null): void {
		this.inFlight.delete(key);
		this.finish.get(key)?.(settled);
		this.finish.delete(key);
	}

	private async wish(helpers: Helpers, kind: Wish['kind'], key: string, again = false): Promise<KeyState> {
		return await new Promise<KeyState>((done, failed) => {
			this.wishes.push({ kind, key, again, helpers, done, failed });
			if (!this.isRunning) void this.work();
		});
	}

	private async work(): Promise<void> {
		this.isRunning = true;
		while (this.wishes.length > 0) {
			// A moment for more wishes to gather: a round costs the same whether one or a hundred share it.
			await sleep(GATHERING);
			const round = this.wishes.splice(0);
			try {
				await doRound(round);
			} catch (error) {
				for (const { failed } of round) failed(error);
			}
		}
		this.isRunning = false;
	}
}

async function doRound(round: readonly Wish[]): Promise<void> {
	const { helpers } = round[0]!;
	const removed = round.flatMap(({ kind, key }) => {
		const [used, pending] = entriesOf(key);
		if (kind === 'claim') return [];
		return kind === 'settle' ? [pending] : [used, pending];
	});
	if (removed.length > 0) await helpers.removeProcessed(removed, 'node', KEPT);
	const claims = round.filter(({ kind }) => kind === 'claim');
	const known = new Set<string>();
	if (claims.length > 0) {
		const wanted = claims.flatMap(({ key }) => entriesOf(key));
		// What is only asked for is taken back below: until then it must not push out the oldest keys.
		const { processed } = await helpers.checkProcessedAndRecord(wanted, 'node', { ...KEPT, maxEntries: MOST_KEYS + wanted.length });
		for (const entry of processed) known.add(String(entry));
		// Asking recorded a settled key as pending: that is taken back, unless it is now sent again.
		const asked = claims.filter(({ key, again }) => !again && stateOf(key, known) === 'settled');
		const taken = asked.map(({ key }) => entriesOf(key)[1]);
		if (taken.length > 0) await helpers.removeProcessed(taken, 'node', KEPT);
	}
	for (const { kind, key, done } of round) done(kind === 'claim' ? stateOf(key, known) : 'free');
}

const MOST_STORES = 1000;
const stores = new Map<string, OnceStore>();

/** The store of the node that is running. */
export function onceStoreOf(context: IExecuteFunctions): OnceStore {
	const name = `${context.getWorkflow().id}|${context.getNode().id}`;
	const store = stores.get(name) ?? new OnceStore();
	stores.delete(name);
	stores.set(name, store);
	if (stores.size > MOST_STORES) stores.delete(stores.keys().next().value!);
	return store;
}
