import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { ROOT } from '../../../harness/paths.mts';

const FILE = 'docs/queue-mode/compose.yaml';
const PROCESSES = ['main', 'worker', 'webhook'];
const SHARED = ['EXECUTIONS_MODE', 'QUEUE_BULL_REDIS_HOST', 'DB_TYPE', 'DB_POSTGRESDB_HOST', 'N8N_ENCRYPTION_KEY', 'N8N_WEBHOOK_URL', 'N8N_REINSTALL_MISSING_PACKAGES'];

interface Service {
	image: string;
	command?: string;
	environment?: Record<string, string>;
	depends_on?: Record<string, unknown>;
	deploy?: { replicas: number };
	stop_grace_period?: string;
	configs?: Array<{ source: string }>;
	volumes?: string[];
}

/** Throws if the docs' compose file doesn't match this story's setup or sets a variable unknown to n8n. */
export async function checkCompose(n8n: InstalledN8n): Promise<void> {
	const text = await readFile(join(ROOT, FILE), 'utf8');
	const { services, volumes, configs } = parse(text, { merge: true }) as {
		services: Record<string, Service>;
		volumes: Record<string, unknown>;
		configs: Record<string, { content: string }>;
	};
	const processes = PROCESSES.map((name) => services[name] ?? assert.fail(`${FILE} has no service ${name}.`));

	for (const { image, environment = {}, depends_on: needs = {}, stop_grace_period: grace } of processes) {
		assert.equal(image, `docker.n8n.io/n8nio/n8n:${n8n.version}`);
		for (const name of SHARED) assert.equal(environment[name], processes[0]?.environment?.[name], name);
		assert.ok(SHARED.every((name) => environment[name]));
		for (const name of Object.keys(needs)) assert.ok(services[name], `${name} is no service`);
		assert.ok(Number.parseInt(grace ?? '') > 30, 'Docker ends n8n before n8n ends itself');
	}
	assert.deepEqual(processes.map(({ command }) => command?.split(' ')[0]), [undefined, 'worker', 'webhook']);
	assert.equal(services.worker?.deploy?.replicas, 2);
	assert.equal(services.postgres?.image, 'postgres:17');
	assert.ok(services.redis);

	const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
	assert.deepEqual(JSON.parse(services.main?.environment?.N8N_COMMUNITY_PACKAGES ?? ''), [{ name: PACKAGE_NAME, version }]);

	for (const service of Object.values(services)) {
		for (const { source } of service.configs ?? []) assert.ok(configs[source]?.content, `there is no config ${source}`);
		for (const volume of service.volumes ?? []) assert.ok(volume.split(':')[0]! in volumes, `there is no volume ${volume}`);
	}
	const known = await variablesOf(n8n);
	const used = processes.flatMap(({ environment = {} }) => Object.keys(environment));
	assert.deepEqual(used.filter((name) => !known.has(name)), []);
}

/** Environment variables that the installed n8n reads. */
async function variablesOf(n8n: InstalledN8n): Promise<Set<string>> {
	const modules = join(n8n.script, '..', '..', '..');
	const known = new Set<string>();
	for (const folder of ['@n8n/config/dist', 'n8n/dist/modules', 'n8n-core/dist']) {
		for await (const file of glob('**/*.js', { cwd: join(modules, folder) })) {
			const source = await readFile(join(modules, folder, file), 'utf8');
			for (const [, name] of source.matchAll(/Env\)?\('([A-Z0-9_]+)'/g)) known.add(name!);
		}
	}
	return known;
}
