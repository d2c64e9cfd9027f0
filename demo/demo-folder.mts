import { join } from 'node:path';
import { isLocked, takeLock } from '../harness/process/lock.mts';

const MAX_DEMOS = 9;
/** The folder of a killed demo is free after 15 seconds. A demo that slept with the machine keeps its own. */
const LOCK = { stale: 15_000, onCompromised: () => {} };

/** Claims a folder no other demo uses: the given one, or a numbered subfolder. Released when this process exits. */
export async function takeDemoFolder(wanted: string, say: (line: string) => void): Promise<string> {
	for (let number = 1; number <= MAX_DEMOS; number++) {
		const folder = number === 1 ? wanted : join(wanted, `demo-${number}`);
		if (await takeLock(lockOf(folder), LOCK)) return folder;
		say(`Another demo uses ${folder}; using another folder.`);
	}
	throw new Error(`${MAX_DEMOS} demos are running already.`);
}

/** Whether a demo runs in this folder, or was killed moments ago. */
export async function isDemoFolderTaken(folder: string): Promise<boolean> {
	return await isLocked(lockOf(folder), LOCK);
}

function lockOf(folder: string): string {
	return join(folder, 'running');
}
