import { join } from 'node:path';
import { request } from 'undici';
import type { InstalledN8n } from './install.mts';
import { freePort, onFreePort } from '../process/ports.mts';
import { Program } from '../process/process.mts';
import { waitFor } from '../process/wait-for.mts';

const START_TIMEOUT_MS = 120_000;
const FOREIGN_SETTINGS = /^(N8N_|DB_|QUEUE_|EXECUTIONS_|ENDPOINT_|CREDENTIALS_|NODES_|ONEMSG_|npm_|NODE_OPTIONS$|NODE_PATH$|WEBHOOK_|VUE_)/i;

/** What docs/scale.md recommends for many hooks: a call then costs n8n 2.41 several times less. */
export const RECOMMENDED: NodeJS.ProcessEnv = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

/** A running n8n, on loopback only. */
export interface N8nServer {
	/** `http://127.0.0.1:<port>`, without a trailing slash. */
	url: string;
	port: number;
	userFolder: string;
	program: Program;
}

export interface ServerOptions {
	userFolder: string;
	log: string;
	/** Preferred port; another is used if this one is taken. */
	port: number;
	/** Extra settings; these override the defaults. */
	env?: NodeJS.ProcessEnv;
}

/** Starts n8n with SQLite and no outbound calls, and waits until it answers. */
export function startN8n(n8n: InstalledN8n, { userFolder, log, port: wanted, env }: ServerOptions): Promise<N8nServer> {
	return onFreePort(wanted, async (port) => {
		const url = `http://127.0.0.1:${port}`;
		const program = await startUntilReady(n8n, {
			name: `n8n ${n8n.version}`,
			args: ['start'],
			env: { ...n8nEnvironment(n8n, userFolder), ...onLoopback(await freePort(0)), ...addresses(url, port), ...env },
			log,
			url,
			paths: ['/healthz/readiness', '/rest/settings'],
			// If the port was taken meanwhile, another n8n answers there.
			says: `, port ${port}`,
			timeoutMs: START_TIMEOUT_MS,
		});
		return { url, port, userFolder, program };
	});
}

/** An n8n process and its readiness check. */
export interface ProcessOptions {
	name: string;
	/** n8n's command and arguments. */
	args: string[];
	env: NodeJS.ProcessEnv;
	log: string;
	url: string;
	/** Paths below the URL; ready when all return 200. */
	paths: string[];
	/** Log text that shows it is listening. */
	says?: string;
	timeoutMs: number;
}

/** Starts an n8n process and waits until it is ready; stops it otherwise. */
export async function startUntilReady(n8n: InstalledN8n, { name, args, env, log, url, paths, says, timeoutMs }: ProcessOptions): Promise<Program> {
	const program = new Program({ name, command: n8n.node, args: [n8n.script, ...args], env, log });
	try {
		await waitFor({
			what: `${name} to answer on ${url} (its log: ${log})`,
			timeoutMs,
			look: async () => {
				await program.mustRun();
				if (says !== undefined && !(await program.lastLines(Infinity)).includes(says)) return undefined;
				for (const path of paths) if (!(await answers(url + path))) return undefined;
				return true;
			},
		});
	} catch (error) {
		await program.stop();
		throw error;
	}
	return program;
}

/** Environment for any n8n command: the user's own without foreign n8n settings, our Node first, and this user folder. */
export function n8nEnvironment(n8n: InstalledN8n, userFolder: string): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(([name]) => !FOREIGN_SETTINGS.test(name));
	const loopback = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
	return {
		...Object.fromEntries(kept),
		PATH: `${join(n8n.node, '..')}:${process.env.PATH}`,
		NO_PROXY: loopback,
		no_proxy: loopback,
		N8N_USER_FOLDER: userFolder,
		NODE_COMPILE_CACHE: n8n.compiled,
		...quiet(n8n),
	};
}

/** Environment for each process on this machine: plain http on loopback, and its own task broker port. */
export function onLoopback(brokerPort: number): NodeJS.ProcessEnv {
	return {
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
	};
}

function addresses(url: string, port: number): NodeJS.ProcessEnv {
	return { N8N_PORT: String(port), N8N_LISTEN_ADDRESS: '127.0.0.1', N8N_EDITOR_BASE_URL: url, WEBHOOK_URL: `${url}/` };
}

/** Required by n8n 1.x, default in 2.x: on a single connection, overlapping transactions mix and executions hang. */
const POOL: NodeJS.ProcessEnv = { DB_SQLITE_POOL_SIZE: '4' };

/** Turns off all calls to n8n's servers. */
function quiet({ version }: InstalledN8n): NodeJS.ProcessEnv {
	return {
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
		// n8n 1.x lacks these modules and refuses to start with an unknown name.
		...(version.startsWith('1.') ? POOL : { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,instance-reporting' }),
		// Installing from the editor would query the registry and n8n's catalogue; the demo brings its own package.
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
