import type { IDataObject } from 'n8n-workflow';
import type { CredentialFields } from './additional-data.cjs';
import { startSandbox, type Sandbox } from './sandbox.cjs';

/** A sandbox per test file, cleared before each test. */
export interface TestChannel {
	sandbox: Sandbox;
	credential: CredentialFields;
	/** Requests to a path of the channel, oldest first. */
	calls(path: string): Promise<IDataObject[]>;
	/** Messages accepted for a phone (digits), or all. */
	messages(phone?: string): Promise<IDataObject[]>;
	/** Scripts answers for the next calls. */
	script(script: IDataObject): Promise<void>;
	settings(settings: IDataObject): Promise<void>;
}

/** Starts the sandbox before the file's tests and stops it afterwards. */
export function useChannel(): TestChannel {
	const channel = {} as TestChannel;
	beforeAll(async () => {
		const sandbox = await startSandbox();
		const ask = async (method: string, path: string, body?: unknown) => {
			const answer = await sandbox.control(method, path, body);
			if (answer.status >= 300) throw new Error(`The sandbox refuses ${path}: ${answer.text}`);
			return answer.body;
		};
		Object.assign(channel, {
			sandbox,
			credential: { channelId: sandbox.channelId, apiToken: sandbox.token, baseUrl: sandbox.baseUrl },
			calls: async (path: string) => (await ask('GET', `/calls?path=${path}&limit=500`)).calls,
			messages: async (phone?: string) => (await ask('GET', `/messages?limit=1000${phone === undefined ? '' : `&phone=${phone}`}`)).messages,
			script: async (script: IDataObject) => void (await ask('POST', '/script', script)),
			settings: async (settings: IDataObject) => void (await ask('POST', '/settings', settings)),
		} satisfies TestChannel);
	});
	beforeEach(async () => void (await channel.sandbox.control('POST', '/clear', { all: true })));
	afterAll(async () => await channel.sandbox?.stop());
	return channel;
}
