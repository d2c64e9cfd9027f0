import { join } from 'node:path';
import { isLocked, takeLock } from '../harness/process/lock.mts';

const MOST_DEMOS = 9;
/** A killed demo leaves its folder to the next one after 15 seconds; one that slept with the machine goes on. */
const LOCK = { stale: 15_000, onCompromised: () => {} };

/** A demo folder that no other running demo uses: the given one, or a numbered one inside it. Freed when this process exits. */
export async function takeDemoFolder(wanted: string, say: (line: string) => void): Promise<string> {
	for (let number = 1; number <= MOST_DEMOS; number++) {
		const folder = number === 1 ? wanted : join(wanted, `demo-${number}`);
		if (await takeLock(lockOf(folder), LOCK)) return folder;
		say(`Another demo uses ${folder}; taking another folder.`);
	}
	throw new Error(`${MOST_DEMOS} demos are running already.`);
}

/** Whether a demo runs in this folder, or was killed a moment ago. */
export async function isDemoFolderTaken(folder: string): Promise<boolean> {
	return await isLocked(lockOf(folder), LOCK);
}

function lockOf(folder: string): string {
	return join(folder, 'running');
}
