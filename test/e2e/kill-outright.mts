import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** SIGKILL to the n8n of this user folder (Linux). */
export async function killOutright(userFolder: string): Promise<void> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const found: number[] = [];
	for (const pid of pids) {
		const read = async (name: string) => (await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')).split('\0');
		const [, script = '', command] = await read('cmdline');
		if (!script.endsWith(join('bin', 'n8n')) || command !== 'start') continue;
		if ((await read('environ')).includes(`N8N_USER_FOLDER=${userFolder}`)) found.push(Number(pid));
	}
	assert.equal(found.length, 1, `${found.length} processes are the n8n of ${userFolder}`);
	process.kill(found[0]!, 'SIGKILL');
}
