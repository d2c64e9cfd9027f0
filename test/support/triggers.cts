import { request } from 'undici';
import type { TestChannel } from './channel.cjs';
import { startTriggerHost, type HostSettings, type Mode, type TriggerHost } from './trigger-host.cjs';

/** 1MSG's own inbox, on the channel's list from the start. */
export const FOREIGN = 'https://app.1msg.io/service/inbox';

/** All statuses, so that none is filtered out. */
export const ALL_STATUSES = { statuses: ['sent', 'delivered', 'read', 'failed'] };

/** Triggers on a test channel, stopped after each test, with helpers for both. */
export function useTriggers(channel: TestChannel) {
	const hosts: TriggerHost[] = [];
	afterEach(async () => void (await Promise.all(hosts.splice(0).map(async (one) => await one.stop()))));

	const host = async (settings: Partial<HostSettings> = {}) => {
		const started = await startTriggerHost({ credential: channel.credential, ...settings });
		hosts.push(started);
		return started;
	};
	/** The channel's list. */
	const list = async (): Promise<string[]> => {
		const { webhookUrl } = (await channel.sandbox.call('GET', '/webhook')).body;
		return (typeof webhookUrl === 'string' ? webhookUrl.split(',') : (webhookUrl ?? [])).filter((url: string) => url !== '');
	};
	const ours = async (trigger: TriggerHost, mode?: Mode) => (await list()).filter((url) => url.startsWith(trigger.url(mode)));
	return {
		host,
		list,
		/** Sets the list, as another program would. */
		setList: async (urls: string[]) => await channel.sandbox.control('POST', '/webhooks', { urls }),
		/** Listed URLs that lead to a trigger. */
		ours,
		/** A registered trigger, and its URL with the secret. */
		async active(parameters: HostSettings['parameters'] = ALL_STATUSES, settings: Partial<HostSettings> = {}) {
			const trigger = await host({ parameters, ...settings });
			await trigger.activate();
			const [url] = await ours(trigger);
			return { trigger, url: url! };
		},
	};
}

/** Posts a body (text as is); returns the status. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<number> {
	return (await exchange(url, body, headers)).status;
}

/** Posts a body; returns the answer. */
export async function exchange(url: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
	const answer = await request(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { status: answer.statusCode, text: await answer.body.text() };
}

/** An entry of `ack[]`. */
export function ack(status: string, id = 'wamid.1', more = {}) {
	return { id, chatId: '12025550100@c.us', phone: '12025550100', status, ...more };
}
