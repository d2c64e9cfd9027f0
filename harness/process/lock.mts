import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 500;
const REMINDER_MS = 15_000;

/** Does something while no other process does it; a lock whose owner died is taken over. */
export async function withLock<T>(file: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
	let nextReminder = Date.now();
	for (;;) {
		const owner = await takeLock(file);
		if (owner === undefined) break;
		if (Date.now() >= nextReminder) {
			say(`Another demo (process ${owner}) is at work in ${dirname(file)}; waiting for it ...`);
			nextReminder = Date.now() + REMINDER_MS;
		}
		await sleep(PAUSE_MS);
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}

/** Takes the lock and returns undefined, or returns the process ID of its living owner. */
export async function takeLock(file: string): Promise<number | undefined> {
	await mkdir(dirname(file), { recursive: true });
	// Linking a file that already has its content means that nobody ever reads an empty lock.
	const mine = `${file}.${process.pid}`;
	await writeFile(mine, String(process.pid));
	try {
		for (;;) {
			try {
				await link(mine, file);
				return undefined;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			}
			const owner = Number(await readFile(file, 'utf8').catch(() => ''));
			if (owner > 0 && owner !== process.pid && isAlive(owner)) return owner;
			await rm(file, { force: true });
		}
	} finally {
		await rm(mine, { force: true });
	}
}

/** True while a process of this ID exists. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
