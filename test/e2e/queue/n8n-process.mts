import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import type { InstalledN8n } from '../../../demo/n8n-install.mts';
import { freePort } from '../../../demo/ports.mts';
import { Program } from '../../../demo/process.mts';
import { waitFor } from '../../../demo/wait-for.mts';

const START_TIMEOUT_MS = 180_000;
const FOREIGN_SETTINGS = /^(N8N_|DB_|QUEUE_|EXECUTIONS_|ENDPOINT_|CREDENTIALS_|NODES_|ONEMSG_|npm_|NODE_OPTIONS$|NODE_PATH$|WEBHOOK_|VUE_)/i;

/** What n8n's processes do in queue mode. */
export type Role = 'main' | 'worker' | 'webhook';

const COMMANDS: Record<Role, string[]> = { main: ['start'], worker: ['worker', '--concurrency=10'], webhook: ['webhook'] };

/** One process of an n8n in queue mode, on loopback. */
export interface N8nProcess {
	role: Role;
	name: string;
	/** `http://127.0.0.1:<port>`: the editor, the webhooks, or a worker's health. */
	url: string;
	userFolder: string;
	program: Program;
}

/** What all processes of one n8n share. */
export interface Shared {
	n8n: InstalledN8n;
	redisPort: number;
	postgresPort: number;
	database: string;
	/** The port of the webhook process: the addresses that n8n hands out lead there. */
	webhookPort: number;
	encryptionKey: string;
}

export interface ProcessOptions {
	role: Role;
	name: string;
	userFolder: string;
	log: string;
	port: number;
}

/** Starts one process and waits until it is ready. */
export async function startProcess(shared: Shared, { role, name, userFolder, log, port }: ProcessOptions): Promise<N8nProcess> {
	const url = `http://127.0.0.1:${port}`;
	const program = new Program({
		name,
		command: shared.n8n.node,
		args: [shared.n8n.script, ...COMMANDS[role]],
		env: { ...environment(shared.n8n), ...settings(shared, role, userFolder, port, await freePort(0)) },
		log,
	});
	try {
		await waitFor({
			what: `${name} to answer on ${url} (its log: ${log})`,
			timeoutMs: START_TIMEOUT_MS,
			look: async () => {
				await program.mustRun();
				return (await answers(`${url}/healthz/readiness`)) ? true : undefined;
			},
		});
	} catch (error) {
		await program.stop();
		throw error;
	}
	return { role, name, url, userFolder, program };
}

/** Sends a signal to the process itself, past its leash (Linux). */
export async function signal({ userFolder, role }: N8nProcess, name: 'SIGKILL' | 'SIGTERM'): Promise<void> {
	const found: number[] = [];
	for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
		const read = async (file: string) => (await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')).split('\0');
		const [, script = '', command] = await read('cmdline');
		if (!script.endsWith(join('bin', 'n8n')) || command !== COMMANDS[role][0]) continue;
		if ((await read('environ')).includes(`N8N_USER_FOLDER=${userFolder}`)) found.push(Number(pid));
	}
	if (found.length !== 1) throw new Error(`${found.length} processes are the ${role} of ${userFolder}.`);
	process.kill(found[0]!, name);
}

/** The user's environment without settings of an n8n of their own, and with n8n's Node first. */
function environment(n8n: InstalledN8n): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(([name]) => !FOREIGN_SETTINGS.test(name));
	const loopback = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
	return { ...Object.fromEntries(kept), PATH: `${join(n8n.node, '..')}:${process.env.PATH}`, NO_PROXY: loopback, no_proxy: loopback };
}

function settings(shared: Shared, role: Role, userFolder: string, port: number, brokerPort: number): NodeJS.ProcessEnv {
	return {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(shared.redisPort),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(shared.postgresPort),
		DB_POSTGRESDB_DATABASE: shared.database,
		DB_POSTGRESDB_USER: 'postgres',
		N8N_ENCRYPTION_KEY: shared.encryptionKey,
		N8N_WEBHOOK_URL: `http://127.0.0.1:${shared.webhookPort}/`,
		N8N_USER_FOLDER: userFolder,
		...(role === 'worker'
			? { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port), N8N_WORKER_SERVER_ADDRESS: '127.0.0.1' }
			: { N8N_PORT: String(port), N8N_LISTEN_ADDRESS: '127.0.0.1' }),
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_SECURE_COOKIE: 'false',
		// On one machine every process needs a port of its own for this.
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_LOG_LEVEL: 'info',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		// These ask servers of n8n's.
		N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,instance-reporting',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	};
}

async function answers(url: string): Promise<boolean> {
	try {
		const { statusCode, body } = await request(url, { headersTimeout: 5_000 });
		await body.dump();
		return statusCode === 200;
	} catch {
		return false;
	}
}
