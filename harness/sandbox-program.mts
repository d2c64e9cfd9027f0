import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { ROOT } from './paths.mts';
import { onFreePort } from './process/ports.mts';
import { Program } from './process/process.mts';
import { waitFor } from './process/wait-for.mts';

const START_TIMEOUT_MS = 30_000;

/** A message as returned by the sandbox's control API. */
export interface SandboxMessage {
	id: string;
	phone: string;
	text: string;
	request: unknown;
	acceptedAt: string;
	statuses: Array<{ status: string; at: string }>;
}

/** A call to the sandbox's channel, tokens masked. */
export interface SandboxCall {
	method: string;
	path: string;
	query: Record<string, string>;
	tokenIn: string;
	tokenOk: boolean;
	headers: Record<string, string>;
	body: string;
	status: number;
}

interface Facts {
	baseUrl: string;
	channelId: string;
	token: string;
	controlUrl: string;
}

/** The running sandbox and its control API. */
export class Sandbox implements Facts {
	readonly baseUrl: string;
	readonly channelId: string;
	readonly token: string;
	readonly controlUrl: string;
	readonly program: Program;

	private constructor({ baseUrl, channelId, token, controlUrl }: Facts, program: Program) {
		this.baseUrl = baseUrl;
		this.channelId = channelId;
		this.token = token;
		this.controlUrl = controlUrl;
		this.program = program;
	}

	/** Starts it on the wanted port, or on another if that is taken. */
	static start({ port, log }: { port: number; log: string }): Promise<Sandbox> {
		return onFreePort(port, (free) => Sandbox.startOn(free, log));
	}

	private static async startOn(port: number, log: string): Promise<Sandbox> {
		const program = new Program({
			name: 'The sandbox',
			command: process.execPath,
			args: ['--disable-warning=ExperimentalWarning', join(ROOT, 'sandbox', 'main.mts'), '--port', String(port), '--json'],
			log,
		});
		try {
			const facts = await waitFor({
				what: `the sandbox to listen (its log: ${log})`,
				timeoutMs: START_TIMEOUT_MS,
				look: async () => {
					await program.mustRun();
					return firstLineOfJson(await readFile(log, 'utf8'));
				},
			});
			return new Sandbox(facts, program);
		} catch (error) {
			await program.stop();
			throw error;
		}
	}

	/** Calls the control API; returns the JSON response. */
	async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: unknown): Promise<T> {
		const { statusCode, body } = await request(`${this.controlUrl}/${path}`, {
			method,
			headers: payload === undefined ? {} : { 'content-type': 'application/json' },
			body: payload === undefined ? undefined : JSON.stringify(payload),
		});
		const text = await body.text();
		if (statusCode >= 300) throw new Error(`The sandbox answered ${method} ${path} with ${statusCode}: ${text}`);
		return JSON.parse(text) as T;
	}

	/** Messages sent to a phone, oldest first. */
	async messagesTo(phone: string): Promise<SandboxMessage[]> {
		const { messages } = await this.control<{ messages: SandboxMessage[] }>('GET', `messages?phone=${phone}`);
		return messages;
	}

	/** Recent calls to a path of the channel, or to all. */
	async calls(path = ''): Promise<SandboxCall[]> {
		const { calls } = await this.control<{ calls: SandboxCall[] }>('GET', `calls?path=${path}`);
		return calls;
	}

	/** The channel's registered webhook URLs. */
	async webhookUrls(): Promise<string[]> {
		const { webhooks } = await this.control<{ webhooks: Array<{ url: string }> }>('GET', 'webhooks');
		return webhooks.map(({ url }) => url);
	}

	/** The webhook of this machine, with the answers to POSTs that left at this time in milliseconds since 1970 or later. Throws if there is none. */
	async localWebhook(since = 0): Promise<LocalWebhook> {
		const { webhooks } = await this.control<{ webhooks: Array<Omit<LocalWebhook, 'answers'> & { loopback: boolean }> }>('GET', 'webhooks');
		const answers = await this.control<{ webhooks: Array<LocalWebhook['answers'] & { url: string }> }>('GET', `webhooks/answers?since=${since}`);
		const found = webhooks.find(({ loopback }) => loopback);
		const answered = answers.webhooks.find(({ url }) => url === found?.url);
		if (!found || !answered) throw new Error('The channel has no webhook on this machine.');
		return { ...found, answers: answered };
	}
}

/** The channel's webhook of this machine, and how its URL has answered; times in milliseconds. */
export interface LocalWebhook {
	url: string;
	circuitState: string;
	warnedAt: number | null;
	/** Statuses that the circuit breaker kept back. */
	skipped: number;
	/** POSTs still to be answered. */
	pending: number;
	answers: { posts: number; p50Ms: number; p99Ms: number; slowestMs: number; overASecond: number; lastPostedAt: string | null };
}

function firstLineOfJson(text: string): Facts | undefined {
	const line = text.split('\n').find((candidate) => candidate.startsWith('{') && candidate.endsWith('}'));
	return line === undefined ? undefined : (JSON.parse(line) as Facts);
}
