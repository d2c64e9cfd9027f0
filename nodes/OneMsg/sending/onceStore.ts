import QuickLRU from 'quick-lru';
import { sleep, type ICheckProcessedOptions, type IExecuteFunctions } from 'n8n-workflow';

/** Entries kept per node; the oldest are forgotten first. A settled key is one entry of 27 bytes in n8n's database. */
export const MAX_KEYS = 20_000;

const KEPT: ICheckProcessedOptions = { mode: 'entries', maxEntries: MAX_KEYS };

/** Milliseconds that requests gather before a round. */
const GATHERING = 2;

/** Milliseconds before an ending that the store did not take is written again, one after the other: a busy database is soon free. */
const WAITS_AFTER_FAILURE = [50, 250, 1000];

type Helpers = IExecuteFunctions['helpers'];

/** What became of a key that this process used; `messageId` null where the answer had none. */
export interface Settled {
	messageId: string | null;
}

/** What became of a claim. */
export type Claim =
	| { state: 'claimed' }
	/** Settled before; `messageId` only where this process settled it. */
	| { state: 'settled'; messageId: string | null }
	/** Claimed by a run that ended before its answer came. */
	| { state: 'pending' };

interface StoreRequest {
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
 * so every use of it in this process goes through here, one round after the other; requests that gather meanwhile share a round.
 */
export class OnceStore {
	private readonly requests: StoreRequest[] = [];
	private isRunning = false;
	/** Keys being sent by this process, and who waits for them. */
	private readonly inFlight = new Map<string, Promise<Settled | null>>();
	private readonly finish = new Map<string, (settled: Settled | null) => void>();
	private readonly recent = new QuickLRU<string, Settled>({ maxSize: MAX_KEYS });
	/** Endings that the store never took, of keys that this process knows better than the store does; by key. */
	private readonly unsaved = new Map<string, 'settle' | 'free'>();

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
			const state = await this.request(helpers, 'claim', key, again);
			isClaimed = state === 'free' || again;
			if (isClaimed) return { state: 'claimed' };
			if (state === 'pending') return { state };
			this.recent.set(key, { messageId: null });
			return { state: 'settled', messageId: null };
		} finally {
			if (!isClaimed) this.release(key, null);
		}
	}

	/** The claimed key's message was taken over: it is never sent again. Never throws: what the store does not take, this process remembers. */
	async settle(helpers: Helpers, key: string, settled: Settled): Promise<void> {
		await this.end(helpers, 'settle', key);
		this.recent.set(key, settled);
		this.release(key, settled);
	}

	/** The claimed key's message was certainly not taken over: the key is free again. Never throws, as `settle`. */
	async free(helpers: Helpers, key: string): Promise<void> {
		await this.end(helpers, 'free', key);
		this.release(key, null);
	}

	private async end(helpers: Helpers, kind: 'settle' | 'free', key: string): Promise<void> {
		for (const wait of [...WAITS_AFTER_FAILURE, null]) {
			try {
				await this.request(helpers, kind, key);
				return;
			} catch {
				if (wait !== null) await sleep(wait);
			}
		}
		this.unsaved.set(key, kind);
	}

	/** Nobody knows whether the claimed key's message was taken over: it stays pending. */
	leave(key: string): void {
		this.release(key, null);
	}

	private release(key: string, settled: Settled | null): void {
		this.inFlight.delete(key);
		this.finish.get(key)?.(settled);
		this.finish.delete(key);
	}

	private async request(helpers: Helpers, kind: StoreRequest['kind'], key: string, again = false): Promise<KeyState> {
		return await new Promise<KeyState>((done, failed) => {
			this.requests.push({ kind, key, again, helpers, done, failed });
			if (!this.isRunning) void this.work();
		});
	}

	private async work(): Promise<void> {
		this.isRunning = true;
		while (this.requests.length > 0) {
			// A moment for more requests to gather: a round costs the same whether one or a hundred share it.
			await sleep(GATHERING);
			const round = this.requests.splice(0);
			await this.saveUnsaved(round[0]!.helpers);
			await this.endKeys(round.filter(({ kind }) => kind !== 'claim'));
			await this.claimKeys(round.filter(({ kind }) => kind === 'claim'));
		}
		this.isRunning = false;
	}

	/** Writes the endings that the store has not taken yet; where it fails again, they stay unsaved. */
	private async saveUnsaved(helpers: Helpers): Promise<void> {
		if (this.unsaved.size === 0) return;
		const removed = [...this.unsaved].flatMap(([key, kind]) => endingOf(kind, key));
		try {
			await helpers.removeProcessed(removed, 'node', KEPT);
			this.unsaved.clear();
		} catch {
			while (this.unsaved.size > MAX_KEYS) this.unsaved.delete(this.unsaved.keys().next().value!);
		}
	}

	private async endKeys(endings: readonly StoreRequest[]): Promise<void> {
		const removed = endings.flatMap(({ kind, key }) => endingOf(kind === 'settle' ? 'settle' : 'free', key));
		try {
			if (removed.length > 0) await endings[0]!.helpers.removeProcessed(removed, 'node', KEPT);
			for (const { done } of endings) done('free');
		} catch (error) {
			for (const { failed } of endings) failed(error);
		}
	}

	private async claimKeys(claims: readonly StoreRequest[]): Promise<void> {
		if (claims.length === 0) return;
		const { helpers } = claims[0]!;
		try {
			const wanted = claims.flatMap(({ key }) => entriesOf(key));
			// What is only asked for is taken back below: until then it must not push out the oldest keys.
			const { processed } = await helpers.checkProcessedAndRecord(wanted, 'node', { ...KEPT, maxEntries: MAX_KEYS + wanted.length });
			const known = new Set(processed.map(String));
			const state = (key: string) => (this.unsaved.get(key) === 'free' ? 'free' : stateOf(key, known));
			// Asking recorded a settled key as pending: that is taken back, unless it is now sent again.
			const asked = claims.filter(({ key, again }) => !again && state(key) === 'settled');
			const found = claims.map(({ key }) => state(key));
			for (const { key } of claims) this.unsaved.delete(key);
			for (const { key } of asked) this.unsaved.set(key, 'settle');
			await this.saveUnsaved(helpers);
			for (const [index, { done }] of claims.entries()) done(found[index]!);
		} catch (error) {
			for (const { failed } of claims) failed(error);
		}
	}
}

/** The entries that an ending removes. */
function endingOf(kind: 'settle' | 'free', key: string): string[] {
	return kind === 'settle' ? [entriesOf(key)[1]] : entriesOf(key);
}

/**
 * How `sendOnce` keeps its keys with a helper that can only check and record, or remove:
 * `k` says that the key was used, `p:k` that its send is not settled yet.
 */
function entriesOf(key: string): [used: string, pending: string] {
	return [`k:${key}`, `p:${key}`];
}

/** What the store knew about a key before it was asked for. */
type KeyState = 'free' | 'pending' | 'settled';

/** Reads a key's state from which of its two entries were known before both were recorded. */
function stateOf(key: string, known: ReadonlySet<string>): KeyState {
	const [used, pending] = entriesOf(key);
	if (!known.has(used)) return 'free';
	return known.has(pending) ? 'pending' : 'settled';
}

const stores = new QuickLRU<string, OnceStore>({ maxSize: 1000 });

/** The store of the node that is running. */
export function onceStoreOf(context: IExecuteFunctions): OnceStore {
	const name = `${context.getWorkflow().id}|${context.getNode().id}`;
	const store = stores.get(name) ?? new OnceStore();
	stores.set(name, store);
	return store;
}
