import QuickLRU from 'quick-lru';
import { sleep, type ICheckProcessedOptions, type IExecuteFunctions } from 'n8n-workflow';

/** Entries kept per node, oldest evicted first. A settled key is one entry of 27 bytes in n8n's database. */
export const MAX_KEYS = 20_000;

const KEPT: ICheckProcessedOptions = { mode: 'entries', maxEntries: MAX_KEYS };

/** Milliseconds over which requests are batched. */
const BATCH_INTERVAL = 2;

/** Milliseconds before each retry of a failed write: a busy database is soon free. */
const RETRY_DELAYS = [50, 250, 1000];

type Helpers = IExecuteFunctions['helpers'];

/** A key settled by this process; `messageId` is null if the answer had none. */
export interface Settled {
	messageId: string | null;
}

/** The result of a claim. */
export type Claim =
	| { state: 'claimed' }
	/** Settled before; `messageId` is null if another process settled it. */
	| { state: 'settled'; messageId: string | null }
	/** Claimed by a run that ended before its answer arrived. */
	| { state: 'pending' };

interface StoreRequest {
	kind: 'claim' | 'settle' | 'free';
	key: string;
	/** Forces the claim, whatever the key's state. */
	again: boolean;
	helpers: Helpers;
	done: (state: KeyState) => void;
	failed: (error: unknown) => void;
}

/**
 * The `sendOnce` keys of one node of one workflow. n8n's store reads and writes all keys at once and is not atomic,
 * so this process serialises all access to it here, in batches.
 */
export class OnceStore {
	private readonly requests: StoreRequest[] = [];
	private isRunning = false;
	/** Keys being sent by this process, settled when their send ends. */
	private readonly inFlight = new Map<string, Promise<Settled | null>>();
	private readonly finish = new Map<string, (settled: Settled | null) => void>();
	private readonly recent = new QuickLRU<string, Settled>({ maxSize: MAX_KEYS });
	/** Writes that the store never took, by key; they take precedence over its contents. */
	private readonly unsaved = new Map<string, 'settle' | 'free'>();

	/** Claims a key for a send. If this process is already sending it, waits for that send first. */
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

	/** The claimed key's message was accepted: it is never sent again. Never throws: this process remembers failed writes. */
	async settle(helpers: Helpers, key: string, settled: Settled): Promise<void> {
		await this.end(helpers, 'settle', key);
		this.recent.set(key, settled);
		this.release(key, settled);
	}

	/** The claimed key's message was certainly not accepted: the key is free again. Never throws, like `settle`. */
	async free(helpers: Helpers, key: string): Promise<void> {
		await this.end(helpers, 'free', key);
		this.release(key, null);
	}

	private async end(helpers: Helpers, kind: 'settle' | 'free', key: string): Promise<void> {
		for (const wait of [...RETRY_DELAYS, null]) {
			try {
				await this.request(helpers, kind, key);
				return;
			} catch {
				if (wait !== null) await sleep(wait);
			}
		}
		this.unsaved.set(key, kind);
	}

	/** Whether the claimed key's message was accepted is unknown: it stays pending. */
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
			// Batch requests: a round costs the same for one as for a hundred.
			await sleep(BATCH_INTERVAL);
			const round = this.requests.splice(0);
			await this.saveUnsaved(round[0]!.helpers);
			await this.writeEndings(round.filter(({ kind }) => kind !== 'claim'));
			await this.claimKeys(round.filter(({ kind }) => kind === 'claim'));
		}
		this.isRunning = false;
	}

	/** Retries failed writes; if they fail again, they stay unsaved. */
	private async saveUnsaved(helpers: Helpers): Promise<void> {
		if (this.unsaved.size === 0) return;
		const removed = [...this.unsaved].flatMap(([key, kind]) => entriesToRemove(kind, key));
		try {
			await helpers.removeProcessed(removed, 'node', KEPT);
			this.unsaved.clear();
		} catch {
			while (this.unsaved.size > MAX_KEYS) this.unsaved.delete(this.unsaved.keys().next().value!);
		}
	}

	private async writeEndings(endings: readonly StoreRequest[]): Promise<void> {
		const removed = endings.flatMap(({ kind, key }) => entriesToRemove(kind === 'settle' ? 'settle' : 'free', key));
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
			// Lookups are undone below: until then they must not evict the oldest keys.
			const { processed } = await helpers.checkProcessedAndRecord(wanted, 'node', { ...KEPT, maxEntries: MAX_KEYS + wanted.length });
			const known = new Set(processed.map(String));
			const state = (key: string) => (this.unsaved.get(key) === 'free' ? 'free' : stateOf(key, known));
			// The lookup recorded a settled key as pending: undo that, unless it is now sent again.
			const lookedUp = claims.filter(({ key, again }) => !again && state(key) === 'settled');
			const found = claims.map(({ key }) => state(key));
			for (const { key } of claims) this.unsaved.delete(key);
			for (const { key } of lookedUp) this.unsaved.set(key, 'settle');
			await this.saveUnsaved(helpers);
			for (const [index, { done }] of claims.entries()) done(found[index]!);
		} catch (error) {
			for (const { failed } of claims) failed(error);
		}
	}
}

/** The entries to remove for a settled or freed key. */
function entriesToRemove(kind: 'settle' | 'free', key: string): string[] {
	return kind === 'settle' ? [entriesOf(key)[1]] : entriesOf(key);
}

/**
 * Encodes a key's state for a helper that can only check and record, or remove:
 * `k:` means that the key was used, `p:` that its send is not settled yet.
 */
function entriesOf(key: string): [used: string, pending: string] {
	return [`k:${key}`, `p:${key}`];
}

/** A key's state before the request. */
type KeyState = 'free' | 'pending' | 'settled';

/** A key's state, from which of its two entries were known before both were recorded. */
function stateOf(key: string, known: ReadonlySet<string>): KeyState {
	const [used, pending] = entriesOf(key);
	if (!known.has(used)) return 'free';
	return known.has(pending) ? 'pending' : 'settled';
}

const stores = new QuickLRU<string, OnceStore>({ maxSize: 1000 });

/** The running node's store. */
export function onceStoreOf(context: IExecuteFunctions): OnceStore {
	const name = `${context.getWorkflow().id}|${context.getNode().id}`;
	const store = stores.get(name) ?? new OnceStore();
	stores.set(name, store);
	return store;
}
