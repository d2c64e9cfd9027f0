import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';

const ROOT = join(__dirname, '..', '..');
const NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const START_MS = 20_000;
const STOP_MS = 3000;

/** A sandbox response: `body` is the parsed JSON, or text if invalid. */
export interface SandboxAnswer {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	// Tests read many response shapes.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	body: any;
	text: string;
}

/** A sandbox in its own process. */
export interface Sandbox {
	baseUrl: string;
	channelId: string;
	token: string;
	/** Calls `/_sandbox{path}`. */
	control(method: string, path: string, body?: unknown): Promise<SandboxAnswer>;
	/** Calls `/{channelId}{path}` with the token in the Authorization header, unless `headers` sets it. */
	call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<SandboxAnswer>;
	/** Stops the process; resolves once it has exited. */
	stop(): Promise<void>;
}

/** Starts a sandbox on a free port (or `port`). It never outlives this process. */
export async function startSandbox(options: { port?: number; channelId?: string; token?: string } = {}): Promise<Sandbox> {
	const args = ['--json', '--port', String(options.port ?? 0)];
	if (options.channelId) args.push('--channel', options.channelId);
	if (options.token) args.push('--token', options.token);
	const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', join(ROOT, 'sandbox', 'main.mts'), ...args], {
		stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
	});
	const { baseUrl, channelId, token } = JSON.parse(await firstLine(child)) as Pick<Sandbox, 'baseUrl' | 'channelId' | 'token'>;
	child.channel?.unref();
	const agent = new Agent();
	return {
		baseUrl,
		channelId,
		token,
		control: (method, path, body) => send(agent, method, `${baseUrl}/_sandbox${path}`, body, {}),
		call: (method, path, body, headers = {}) =>
			send(agent, method, `${baseUrl}/${channelId}${path}`, body, 'authorization' in headers ? headers : { authorization: `Bearer ${token}`, ...headers }),
		async stop() {
			await agent.destroy();
			await end(child);
		},
	};
}

async function firstLine(child: ChildProcess): Promise<string> {
	const lines = createInterface({ input: child.stdout! });
	const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The sandbox ended with code ${code} before it listened.`)));
	const late = AbortSignal.timeout(START_MS);
	try {
		const [line] = (await Promise.race([once(lines, 'line', { signal: late }), died])) as [string];
		died.catch(() => {});
		return line;
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	}
}

async function send(agent: Agent, method: string, url: string, body: unknown, headers: Record<string, string>): Promise<SandboxAnswer> {
	const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
	const answer = await request(url, {
		method: method as 'GET',
		dispatcher: agent,
		headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
		body: text,
	});
	const received = await answer.body.text();
	return { status: answer.statusCode, headers: answer.headers, body: parsed(received), text: received };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, 'exit');
	child.kill('SIGTERM');
	const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
	await gone;
	clearTimeout(force);
}
