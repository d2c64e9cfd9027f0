import { z } from 'zod';
import { looseText } from '../json';
import { readWebhookEntries } from './list';

/** One registered URL with its state as the service reports it. */
export interface Webhook {
	url: string;
	/** In the service's own word, `enabled` or `disabled` for a boolean; null if it reports none. */
	state: string | null;
	/** Null if the state is missing or unknown. */
	isDisabled: boolean | null;
}

const DISABLED = /disab|inactive|deactiv|suspend|block|stopped|failed|paused|^(off|no|false)$/;
const ENABLED = /^(enabled|active|activated|working|connected|ok|on|yes|true)$/;

const word = z
	.union([z.boolean(), z.number(), z.string()])
	.transform((value) => {
		if (typeof value === 'string') return value.trim().toLowerCase();
		return value ? 'enabled' : 'disabled';
	});
const field = word.nullish().catch(null);
const opposite = z.boolean().transform((value) => (value ? 'disabled' : 'enabled')).nullish().catch(null);

const entry = z
	.union([
		word.transform((state) => ({ url: '', state })),
		z
			.object({ url: looseText, webhookUrl: looseText, status: field, state: field, enabled: field, active: field, isActive: field, disabled: opposite, isDisabled: opposite })
			.transform(({ url, webhookUrl, status, state, enabled, active, isActive, disabled, isDisabled }) => ({
				url: url || webhookUrl,
				state: status || state || enabled || active || isActive || disabled || isDisabled || '',
			})),
	])
	.catch({ url: '', state: '' });

/** The format is undocumented: a map by URL, a list of objects, or a list of words parallel to the URLs (1msg-api.md, section 5). */
const statesAnswer = z.object({ webhookStatuses: z.union([z.array(entry), z.record(entry)]).nullish().catch(null) });

/** The URLs in an answer of `GET /webhook`, including duplicates, with their states; undefined if it holds no list. */
export function readWebhooks(json: unknown): Webhook[] | undefined {
	const urls = readWebhookEntries(json);
	if (!urls) return undefined;
	const given = statesAnswer.safeParse(json).data?.webhookStatuses ?? [];
	const byUrl = new Map<string, string>();
	if (Array.isArray(given)) for (const [index, { url, state }] of given.entries()) byUrl.set(plain(url || (urls[index] ?? '')), state);
	else for (const [url, { state }] of Object.entries(given)) byUrl.set(plain(url), state);
	return urls.map((url) => {
		const state = byUrl.get(plain(url)) || null;
		return { url, state, isDisabled: state === null ? null : readState(state) };
	});
}

function readState(state: string): boolean | null {
	if (DISABLED.test(state)) return true;
	return ENABLED.test(state) ? false : null;
}

/** Normalises surrounding spaces and one trailing slash. */
function plain(url: string): string {
	return url.trim().replace(/\/$/, '');
}
