import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { findSecrets, leaks } from './secrets.mts';

/** Validates the search: plants a secret in every form in an empty folder, and throws if one is missed. */
export async function findsWhatIsPlanted(folder: string): Promise<void> {
	const token = 'planted "token" of/a?channel+x=';
	const sought = { tokens: [token], secrets: ['planted-webhook-secret'] };
	const flatted = JSON.stringify([{ error: '1' }, { message: '2' }, `It was ${token}.`]);
	// A short text would stay readable in a compressed stream.
	const long = Array.from({ length: 300 }, (_, line) => `Line ${line} of ${token.length}.`).join(flatted);
	const plants: Record<string, string | Buffer> = {
		plain: `x ${token} x`,
		flatted,
		'json-in-json': JSON.stringify({ data: flatted }),
		url: `https://1msg.example/?token=${encodeURIComponent(token)}&x=1`,
		hex: Buffer.from(`x${token}`).toString('hex'),
		...Object.fromEntries(['', 'x', 'xx'].map((before) => [`base64-${before.length}`, Buffer.from(`${before}${token}${before}`).toString('base64')])),
		base64url: Buffer.from(`xyz${token}`).toString('base64url'),
		gzip: gzipSync(long),
		'gzip-in-base64': JSON.stringify({ data: gzipSync(long).toString('base64') }),
		zstd: zstdCompressSync(long),
	};
	await mkdir(folder, { recursive: true });
	const database = new DatabaseSync(join(folder, 'planted.sqlite'));
	database.exec('CREATE TABLE kept (id TEXT, data BLOB)');
	for (const [name, content] of Object.entries(plants)) {
		await writeFile(join(folder, name), content);
		database.prepare('INSERT INTO kept VALUES (?, ?)').run(name, content);
		const places = (await findSecrets(folder, sought)).map(({ what, where }) => `${what} in ${where}`);
		assert.ok(places.includes(`token in ${name}`), `in the file: ${name}`);
		assert.ok(places.includes('token in planted.sqlite: kept.data'), `in the cell: ${name}`);
		database.exec('DELETE FROM kept');
		await rm(join(folder, name));
	}
	database.exec("CREATE TABLE workflow_entity (staticData TEXT, nodes TEXT); INSERT INTO workflow_entity VALUES ('{\"secret\":\"planted-webhook-secret\"}', '')");
	const wrongly = async () => leaks(await findSecrets(folder, sought)).filter(({ what }) => what === 'secret');
	assert.deepEqual(await wrongly(), []);
	database.exec("UPDATE workflow_entity SET nodes = 'planted-webhook-secret'");
	assert.equal((await wrongly()).length, 1);
	database.prepare('UPDATE workflow_entity SET staticData = ?').run(JSON.stringify({ token }));
	assert.ok(leaks(await findSecrets(folder, sought)).some(({ what, where }) => what === 'token' && where.endsWith('staticData')));
	database.close();
	await rm(folder, { recursive: true });
}
