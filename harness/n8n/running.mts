import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Process ID of the n8n of a user folder that runs this command; not its supervisor's (Linux). */
export async function pidOfN8n(userFolder: string, command = 'start'): Promise<number> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const found: number[] = [];
	for (const pid of pids) {
		const read = async (name: string) => (await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')).split('\0');
		const [, script = '', running] = await read('cmdline');
		if (!script.endsWith(join('bin', 'n8n')) || running !== command) continue;
		if ((await read('environ')).includes(`N8N_USER_FOLDER=${userFolder}`)) found.push(Number(pid));
	}
	assert.equal(found.length, 1, `${found.length} processes are the n8n of ${userFolder} that runs "${command}"`);
	return found[0]!;
}
