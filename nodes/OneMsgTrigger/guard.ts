import { createHash, timingSafeEqual } from 'node:crypto';
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { readList } from '../shared/webhookRegistry';
import { clock } from '../shared/clock';
import { isSameEndpoint, SECRET_PARAMETER, secretIn } from '../core/webhooks/list';
import { ask, openChannel } from '../shared/transport';
import { memoryOf } from './memory';
import type { Registration } from './registration';

/** Milliseconds for the channel's list: 1MSG waits for its answer meanwhile, and counts slow ones against the URL. */
const TIMEOUT = 800;
/** Milliseconds between two looks into the list, so that forged calls cost the channel little. */
const INTERVAL = 250;

/** The registration whose secret a call carries; undefined for a call that carries none. */
export async function registrationOf(context: IWebhookFunctions): Promise<Registration | undefined> {
	const memory = memoryOf(keyOf(context));
	const given = (context.getQueryData() as IDataObject)[SECRET_PARAMETER];
	const known = [stored(context), memory.registration].find((registration) => isSecret(given, registration?.secret));
	if (known || typeof given !== 'string' || given === '' || context.getMode() === 'manual') return known;
	// In queue mode another process has written the list, and n8n saves its secret only afterwards: the list itself tells it before.
	const now = clock();
	if (!memory.listed || now - memory.listed.askedAt >= INTERVAL) memory.listed = { askedAt: now, asking: readListed(context) };
	const listed = await memory.listed.asking;
	if (!listed || !isSecret(given, listed.secret)) return undefined;
	memory.registration = listed;
	return listed;
}

/** Our registration as the channel's list has it; undefined where it has none, or cannot be read in time. */
async function readListed(context: IWebhookFunctions): Promise<Registration | undefined> {
	try {
		const channel = await openChannel(context);
		const url = context.getNodeWebhookUrl('default') ?? '';
		if (!channel.ok) return undefined;
		const list = await readList({ channel: channel.value, timeout: TIMEOUT, ask: async (request) => await ask(context, channel.value, request) });
		const ours = list.ok ? list.value.find((entry) => isSameEndpoint(entry, url)) : undefined;
		const secret = ours === undefined ? null : secretIn(ours);
		return secret === null || secret === '' ? undefined : { secret, url, channelId: channel.value.channelId };
	} catch (error) {
		context.logger.warn(`1MSG Trigger: a call with another secret could not be checked: ${error instanceof Error ? error.message : String(error)}`);
		return undefined;
	}
}

/** One memory per workflow, node, and test or production: a test run never disturbs production. */
export function keyOf(context: IHookFunctions | IWebhookFunctions): string {
	const { id } = context.getWorkflow();
	return [id, context.getNode().id, context.getMode() === 'manual' ? 'test' : 'production'].join('|');
}

/** What n8n keeps between activation and deactivation; a copied database has it too. */
export function stored(context: IHookFunctions | IWebhookFunctions): Registration | undefined {
	const { secret, url, channelId } = context.getWorkflowStaticData('node');
	if (typeof secret !== 'string' || typeof url !== 'string' || typeof channelId !== 'string') return undefined;
	return { secret, url, channelId };
}

/** Whether the query's secret is the registered one, compared in constant time; anything but one text is not. */
export function isSecret(given: unknown, expected: string | undefined): boolean {
	if (typeof given !== 'string' || expected === undefined || expected === '') return false;
	return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}

type Request = ReturnType<IWebhookFunctions['getRequestObject']> & { rawBody?: { length: number } };

/**
 * Bytes of a body that is read at most: what n8n takes by default (`N8N_PAYLOAD_SIZE_MAX`, 16 MiB), kept where n8n is told to take more.
 * 1MSG's own bodies are a few kilobytes.
 */
export const MOST_BYTES = 16 * 1024 * 1024;

/** Bytes of the body as n8n read it (inflated), or as the sender announces it; 0 where neither is known. */
export function bytesOf(request: Request): number {
	return request.rawBody?.length ?? (Number(request.headers['content-length']) || 0);
}
