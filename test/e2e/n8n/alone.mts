import { join } from 'node:path';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential, type CredentialReference } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { startN8n } from '../../../harness/n8n/server.mts';
import { installPackage } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';

export interface AloneOptions {
	/** The story's own: n8n's user folder and the logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
	/** Extra environment variables for n8n. */
	settings?: Record<string, string>;
}

/** An n8n with the package and a sandbox, for one story. */
export interface Alone {
	api: N8nApi;
	/** n8n's, without a trailing slash. */
	url: string;
	sandbox: Sandbox;
	/** The sandbox's. */
	credential: CredentialReference;
	/** Stops both. */
	stop: () => Promise<void>;
}

/** Starts both, with the channel's credential; on failure nothing keeps running. */
export async function startAlone(options: AloneOptions): Promise<Alone> {
	const fresh = await startFresh(options);
	try {
		const { channelId, token, baseUrl } = fresh.sandbox;
		return { ...fresh, credential: await saveCredential(fresh.api, { channelId, apiToken: token, baseUrl }) };
	} catch (error) {
		await fresh.stop();
		throw error;
	}
}

/** Starts both, n8n as it is after its installation: there is only the owner. */
export async function startFresh({ folder, n8n, packed, settings }: AloneOptions): Promise<Omit<Alone, 'credential'>> {
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => void (await Promise.all(stops.splice(0).map(async (end) => await end())));
	const userFolder = join(folder, 'n8n');
	try {
		await installPackage(userFolder, packed);
		const sandbox = await Sandbox.start({ port: 0, log: join(folder, 'sandbox.log') });
		stops.push(() => sandbox.program.stop());
		const server = await startN8n(n8n, { userFolder, log: join(folder, 'n8n.log'), port: 0, env: settings });
		stops.push(() => server.program.stop());
		const api = new N8nApi(server.url);
		await api.signIn(OWNER);
		return { api, url: server.url, sandbox, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
