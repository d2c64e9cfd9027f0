import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile, { type LockOptions } from 'proper-lockfile';

const PAUSE_MS = 500;
const REMINDER_MS = 15_000;
/** A lock not renewed for this long is stale; a busy machine renews late. */
const STALE_MS = 60_000;

/** Runs `work` while holding a lock; one whose owner died expires after a minute. */
export async function withLock<T>(path: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
	let nextReminder = Date.now();
	let release = await takeLock(path);
	while (!release) {
		if (Date.now() >= nextReminder) {
			say(`Another process is using ${dirname(path)}; waiting ...`);
			nextReminder = Date.now() + REMINDER_MS;
		}
		await sleep(PAUSE_MS);
		release = await takeLock(path);
	}
	try {
		return await work();
	} finally {
		await release();
	}
}

/** Acquires the lock and returns its release, which also runs when this process exits; undefined if it is held elsewhere. */
export async function takeLock(path: string, options: LockOptions = {}): Promise<(() => Promise<void>) | undefined> {
	await mkdir(dirname(path), { recursive: true });
	try {
		return await lockfile.lock(path, { lockfilePath: path, realpath: false, stale: STALE_MS, ...options });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
		throw error;
	}
}

/** Whether the lock is held. */
export async function isLocked(path: string, { stale = STALE_MS }: LockOptions = {}): Promise<boolean> {
	return await lockfile.check(path, { lockfilePath: path, realpath: false, stale });
}
