import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { RECOMMENDED, n8nEnvironment, onLoopback, startUntilReady } from '../../../harness/n8n/server.mts';
import { freePort } from '../../../harness/process/ports.mts';
import type { Program } from '../../../harness/process/process.mts';
import { signalN8n } from '../n8n/signal-n8n.mts';

const START_TIMEOUT_MS = 180_000;

/** Roles of n8n processes in queue mode. */
export type Role = 'main' | 'worker' | 'webhook';

const COMMANDS: Record<Role, string[]> = { main: ['start'], worker: ['worker', '--concurrency=10'], webhook: ['webhook'] };

/** A local n8n process in queue mode. */
export interface N8nProcess {
	role: Role;
	name: string;
	/** `http://127.0.0.1:<port>`: editor, webhooks, or worker health. */
	url: string;
	userFolder: string;
	program: Program;
}

/** Shared by all processes of one n8n. */
export interface Shared {
	n8n: InstalledN8n;
	redisPort: number;
	postgresPort: number;
	database: string;
	/** Port of the webhook process, used in n8n's webhook URLs. */
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

/** Starts a process and waits until it is ready. */
export async function startProcess(shared: Shared, { role, name, userFolder, log, port }: ProcessOptions): Promise<N8nProcess> {
	const url = `http://127.0.0.1:${port}`;
	const program = await startUntilReady(shared.n8n, {
		name,
		args: COMMANDS[role],
		env: { ...n8nEnvironment(shared.n8n, userFolder), ...onLoopback(await freePort(0)), ...queueSettings(shared, role, port) },
		log,
		url,
		paths: ['/healthz/readiness'],
		timeoutMs: START_TIMEOUT_MS,
	});
	return { role, name, url, userFolder, program };
}

/** Signals the process itself, bypassing its supervisor (Linux). */
export async function signal({ userFolder, role }: N8nProcess, name: NodeJS.Signals): Promise<void> {
	await signalN8n(userFolder, name, COMMANDS[role][0]);
}

function queueSettings(shared: Shared, role: Role, port: number): NodeJS.ProcessEnv {
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
		...RECOMMENDED,
		...(role === 'worker'
			? { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port), N8N_WORKER_SERVER_ADDRESS: '127.0.0.1' }
			: { N8N_PORT: String(port), N8N_LISTEN_ADDRESS: '127.0.0.1' }),
	};
}
