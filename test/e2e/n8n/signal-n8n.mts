import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Signals the n8n of a user folder running this command, bypassing its supervisor (Linux). */
export async function signalN8n(userFolder: string, signal: NodeJS.Signals, command = 'start'): Promise<void> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const found: number[] = [];
	for (const pid of pids) {
		const read = async (name: string) => (await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')).split('\0');
		const [, script = '', running] = await read('cmdline');
		if (!script.endsWith(join('bin', 'n8n')) || running !== command) continue;
		if ((await read('environ')).includes(`N8N_USER_FOLDER=${userFolder}`)) found.push(Number(pid));
	}
	assert.equal(found.length, 1, `${found.length} processes are the n8n of ${userFolder} that runs "${command}"`);
	process.kill(found[0]!, signal);
}
