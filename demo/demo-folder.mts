import { join } from 'node:path';
import { takeLock } from '../harness/process/lock.mts';

const MOST_DEMOS = 9;

/** A demo folder that no other running demo uses: the given one, or a numbered one inside it. Freed when this process exits. */
export async function takeDemoFolder(wanted: string, say: (line: string) => void): Promise<string> {
	for (let number = 1; number <= MOST_DEMOS; number++) {
		const folder = number === 1 ? wanted : join(wanted, `demo-${number}`);
		if (await takeLock(join(folder, 'running'))) return folder;
		say(`Another demo uses ${folder}; taking another folder.`);
	}
	throw new Error(`${MOST_DEMOS} demos are running already.`);
}
