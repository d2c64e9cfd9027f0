import { readdir, readFile } from 'node:fs/promises';
import { pidOfN8n } from '../../../harness/n8n/running.mts';

/** Clock ticks per second in /proc; 100 on every Linux that n8n runs on. */
const TICKS = 100;

interface ProcessTimes {
	pid: number;
	parent: number;
	/** Ticks of the process itself and of its children that have ended. */
	ticks: number;
}

/** CPU seconds used so far by the n8n of a user folder: its main process and everything that it started, such as the task runner (Linux). */
export async function cpuSecondsOf(userFolder: string): Promise<number> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
	const all = (await Promise.all(pids.map(timesOf))).filter((found) => found !== undefined);
	const tree = new Set([await pidOfN8n(userFolder)]);
	for (let size = 0; size !== tree.size; ) {
		size = tree.size;
		for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
	}
	return all.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

/** proc(5): parent is field 4, utime, stime, cutime and cstime are fields 14 to 17; the name before them may hold spaces. */
async function timesOf(pid: number): Promise<ProcessTimes | undefined> {
	const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	if (text === '') return undefined;
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
	const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
	return { pid, parent: fields[1] ?? 0, ticks };
}
