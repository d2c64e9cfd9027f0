import { readdir, readFile } from 'node:fs/promises';
import type { Program } from './process.mts';

/** Clock ticks per second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

interface ProcessTimes {
	pid: number;
	parent: number;
	/** Ticks of the process itself and of its children that have ended. */
	ticks: number;
}

/** CPU seconds that each of these programs has used so far, with everything that it started (Linux); 0 for one that has ended. */
export async function cpuSecondsOf(programs: readonly Program[]): Promise<number[]> {
	const found = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number).map(timesOf));
	const all = found.filter((one) => one !== undefined);
	const used = (pid: number): number => all.reduce((sum, one) => sum + (one.pid === pid ? one.ticks : 0) + (one.parent === pid ? used(one.pid) : 0), 0);
	return programs.map(({ pid }) => (pid === undefined ? 0 : used(pid) / TICKS));
}

/** proc(5): parent is field 4, utime, stime, cutime and cstime are fields 14 to 17; the name before them may hold spaces. */
async function timesOf(pid: number): Promise<ProcessTimes | undefined> {
	const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	if (text === '') return undefined;
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
	const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
	return { pid, parent: fields[1] ?? 0, ticks };
}
