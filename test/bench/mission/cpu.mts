import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

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
	const main: number[] = [];
	for (const pid of pids) if (await isN8nOf(pid, userFolder)) main.push(pid);
	if (main.length !== 1) throw new Error(`${main.length} processes are the n8n of ${userFolder}.`);
	const tree = new Set(main);
	for (let size = 0; size !== tree.size; ) {
		size = tree.size;
		for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
	}
	return all.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

async function isN8nOf(pid: number, userFolder: string): Promise<boolean> {
	const read = async (name: string) => (await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')).split('\0');
	const [, script = ''] = await read('cmdline');
	return script.endsWith(join('bin', 'n8n')) && (await read('environ')).includes(`N8N_USER_FOLDER=${userFolder}`);
}

/** proc(5): parent is field 4, utime, stime, cutime and cstime are fields 14 to 17; the name before them may hold spaces. */
async function timesOf(pid: number): Promise<ProcessTimes | undefined> {
	const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	if (text === '') return undefined;
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
	const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
	return { pid, parent: fields[1] ?? 0, ticks };
}
