import { readdir, readFile } from 'node:fs/promises';
import type { Program } from '../../../harness/process/process.mts';

/** Clock ticks per second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

/** CPU seconds that each program and its children have used so far, by the program's name (Linux). */
export async function cpuSeconds(programs: Program[]): Promise<Map<string, number>> {
	const processes = (await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(read))).flatMap((found) => found ?? []);
	const used = (pid: number): number =>
		processes.reduce((sum, one) => sum + (one.pid === pid ? one.seconds : 0) + (one.parent === pid ? used(one.pid) : 0), 0);
	return new Map(programs.map(({ name, pid }) => [name, pid === undefined ? 0 : used(pid)]));
}

/** Undefined for a process that has ended. */
async function read(name: string): Promise<{ pid: number; parent: number; seconds: number } | undefined> {
	const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
	// The program's name may hold anything, parentheses included.
	const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
	return fields && { pid: Number(name), parent: fields[1]!, seconds: (fields[11]! + fields[12]!) / TICKS };
}
