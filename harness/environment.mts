import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RealChannel } from './channel.mts';
import { mailWords } from './mail-words.mts';
import { Mailbox } from './mailbox.mts';
import { N8nApi, type Owner } from './n8n/api.mts';
import { saveCredential, type ChannelAccess } from './n8n/credential.mts';
import type { InstalledN8n } from './n8n/install.mts';
import { startN8n, type N8nServer } from './n8n/server.mts';
import { installPackage } from './package/install.mts';
import type { PackedPackage } from './package/pack.mts';
import { recordPackage } from './package/record.mts';
import { Sandbox } from './sandbox-program.mts';
import { putWorkflowsInPlace, type WorkflowsInPlace } from './workflows-in-place.mts';

export const OWNER: Owner = { email: 'demo@example.com', password: 'Stock-arrival-1', firstName: 'Demo', lastName: 'Owner' };
const DEFAULT_PORTS = { n8n: 5678, sandbox: 8321 };

/** Milliseconds, slow enough to watch. */
const SANDBOX_PACE = { sentAfterMs: 800, deliveredAfterMs: 2500 };

export interface EnvironmentOptions {
	/** Holds n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
	/** The workflows of `workflows/advanced` instead of the starters, which need n8n 2.x. */
	advanced?: boolean;
	/** Replaces the sandbox. */
	channel: RealChannel | undefined;
	/** Preferred ports of n8n and the sandbox; 0 is any. Defaults to the usual ones. */
	ports?: { n8n: number; sandbox: number };
	say: (line: string) => void;
	/** Extra n8n settings; these override the defaults. */
	env?: NodeJS.ProcessEnv;
}

/** The demo environment: n8n with the package, workflows, tables, a mailbox, and the sandbox unless a real channel is used. */
export interface Environment extends WorkflowsInPlace {
	n8n: N8nServer;
	api: N8nApi;
	sandbox: Sandbox | undefined;
	/** Catches every e-mail the workflows send. */
	mailbox: Mailbox;
	/** Webhook URL for warehouse events. */
	eventUrl: string;
	/** Webhook URL that answers an arrival's counts. */
	countsUrl: string;
	/** Webhook URL to poll statuses by message ID; real channel only. */
	pollUrl: string | undefined;
	stop: () => Promise<void>;
}

/** Starts the environment. An unusable folder is moved aside once, and a fresh one created. */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
	const userFolder = join(options.folder, 'n8n');
	const wasThere = existsSync(join(userFolder, '.n8n', 'database.sqlite'));
	try {
		return await tryStartEnvironment(options);
	} catch (error) {
		if (!wasThere) throw error;
		const aside = `${userFolder}.put-aside`;
		options.say(`The n8n folder of an earlier run is unusable (${firstLine(error)}).`);
		options.say(`Moved it to ${aside}. Starting fresh ...`);
		await rm(aside, { recursive: true, force: true });
		await rename(userFolder, aside);
		return await tryStartEnvironment(options);
	}
}

async function tryStartEnvironment({ folder, n8n: installed, packed, advanced, channel, ports = DEFAULT_PORTS, say, env }: EnvironmentOptions): Promise<Environment> {
	const userFolder = join(folder, 'n8n');
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => {
		await Promise.all(stops.splice(0).map((end) => end()));
	};
	try {
		const packageFolder = await installPackage(userFolder, packed);
		const sandbox = channel ? undefined : await startSandbox(folder, ports.sandbox, say, stops);

		say(`Starting n8n ${installed.version} ...`);
		const n8n = await startN8n(installed, { userFolder, log: join(folder, 'n8n.log'), port: ports.n8n, env });
		stops.push(() => n8n.program.stop());
		say([n8n.port, 0].includes(ports.n8n) ? `n8n is up: ${n8n.url}` : `n8n is up: ${n8n.url} (port ${ports.n8n} is taken)`);

		const api = new N8nApi(n8n.url);
		await api.signIn(OWNER);
		await recordPackage(api, userFolder, packageFolder);

		const credential = await saveCredential(api, access(channel, sandbox));
		const mailbox = await Mailbox.start((mail) => void mailWords(mail).then(say));
		stops.push(() => mailbox.stop());
		const inPlace = await putWorkflowsInPlace(api, credential, channel, { advanced, mailPort: mailbox.port });
		say(`${inPlace.published.length} workflows are published, among them "${inPlace.send.name}" and "${inPlace.follow.name}".`);

		return {
			...inPlace, n8n, api, sandbox, mailbox, stop,
			eventUrl: `${n8n.url}/webhook/stock-arrival`,
			countsUrl: `${n8n.url}/webhook/arrival-counts`,
			pollUrl: channel ? `${n8n.url}/webhook/delivery-status` : undefined,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

async function startSandbox(folder: string, port: number, say: (line: string) => void, stops: Array<() => Promise<void>>): Promise<Sandbox> {
	const sandbox = await Sandbox.start({ port, log: join(folder, 'sandbox.log') });
	stops.push(() => sandbox.program.stop());
	await sandbox.control('POST', 'settings', SANDBOX_PACE);
	const taken = port === 0 || sandbox.baseUrl.endsWith(`:${port}`) ? '' : ` (port ${port} is taken)`;
	say(`The sandbox is up: ${sandbox.baseUrl}${taken}`);
	return sandbox;
}

function access(channel: RealChannel | undefined, sandbox: Sandbox | undefined): ChannelAccess {
	if (channel) return { channelId: channel.channelId, apiToken: channel.apiToken, baseUrl: channel.baseUrl };
	if (!sandbox) throw new Error('There is neither a channel nor a sandbox.');
	return { channelId: sandbox.channelId, apiToken: sandbox.token, baseUrl: sandbox.baseUrl };
}

function firstLine(error: unknown): string {
	return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
