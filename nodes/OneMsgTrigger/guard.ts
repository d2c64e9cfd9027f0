import { createHash, timingSafeEqual } from 'node:crypto';
import { sleep, type IDataObject, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import { readList } from '../shared/webhookRegistry';
import { clock } from '../shared/clock';
import { isSameEndpoint, SECRET_PARAMETER, secretIn } from '../core/webhooks/list';
import { ask, openChannel } from '../shared/transport';
import { memoryOf } from './nodeState';
import type { Registration } from './registration';

/** Milliseconds for reading the channel's list, and for the whole check: 1MSG waits for the answer, and counts slow ones against the URL. */
const LIST_TIMEOUT = 600;
const TOTAL_TIMEOUT = 900;
/** Milliseconds between reads of the list, so that forged calls cost the channel little. */
const MIN_INTERVAL = 250;

/** The registration whose secret the call carries; undefined if there is none. */
export async function registrationOf(context: IWebhookFunctions): Promise<Registration | undefined> {
	const memory = memoryOf(keyOf(context));
	const given = (context.getQueryData() as IDataObject)[SECRET_PARAMETER];
	const known = [stored(context), memory.registration, memory.pending].find((registration) => isSecret(given, registration?.secret));
	if (known || typeof given !== 'string' || given === '' || isTest(context)) return known;
	// In queue mode another process writes the list, and n8n saves the secret only afterwards: read it from the list.
	const arrivedAt = clock();
	const timedOut = sleep(TOTAL_TIMEOUT).then(() => undefined);
	for (;;) {
		const listRead = joinOrStartRead(memory, context);
		const listed = await Promise.race([listRead.result, timedOut]);
		if (isSecret(given, listed?.secret)) return listed;
		// A read that began before the call arrived may have missed its secret.
		if (listRead.startedAt >= arrivedAt || clock() >= arrivedAt + TOTAL_TIMEOUT) return undefined;
	}
}

/** The pending read of the list, or the next one, rate limited. */
function joinOrStartRead(memory: ReturnType<typeof memoryOf>, context: IWebhookFunctions): NonNullable<typeof memory.listRead> {
	if (memory.listRead && !memory.listRead.isOver) return memory.listRead;
	const wait = memory.listRead ? Math.max(0, memory.listRead.startedAt + MIN_INTERVAL - clock()) : 0;
	const listRead = { startedAt: clock() + wait, isOver: false, result: sleep(wait).then(async () => await readListed(context)) };
	void listRead.result.then(() => (listRead.isOver = true));
	memory.listRead = listRead;
	return listRead;
}

/** Our registration in the channel's list; undefined if missing, or not read in time. */
async function readListed(context: IWebhookFunctions): Promise<Registration | undefined> {
	try {
		const channel = await openChannel(context);
		const url = context.getNodeWebhookUrl('default') ?? '';
		if (!channel.ok) return undefined;
		const list = await readList({ channel: channel.value, timeout: LIST_TIMEOUT, ask: async (request) => await ask(context, channel.value, request) });
		const ours = list.ok ? list.value.find((entry) => isSameEndpoint(entry, url)) : undefined;
		const secret = ours === undefined ? null : secretIn(ours);
		return secret === null || secret === '' ? undefined : { secret, url, channelId: channel.value.channelId };
	} catch (error) {
		context.logger.warn(`1MSG Trigger: a call with another secret could not be checked: ${error instanceof Error ? error.message : String(error)}`);
		return undefined;
	}
}

/** Matches the path of a test URL, `webhook-test` unless n8n is configured otherwise. */
const TEST_ENDPOINT = /\/[^/]*test[^/]*\/[^/]+\/1msg\/?$/i;

/** A test run, which n8n keeps in its main process. Its deregistration does not run in manual mode: only the URL tells. */
export function isTest(context: IHookFunctions | IWebhookFunctions): boolean {
	return context.getMode() === 'manual' || TEST_ENDPOINT.test(context.getNodeWebhookUrl('default') ?? '');
}

/** Key per workflow, node, and test or production URL, so that a test run never disturbs production. */
export function keyOf(context: IHookFunctions | IWebhookFunctions): string {
	const { id } = context.getWorkflow();
	return [id, context.getNode().id, isTest(context) ? 'test' : (context.getNodeWebhookUrl('default') ?? '')].join('|');
}

/** The registration in n8n's static data, whatever address this n8n had at activation. */
export function stored(context: IHookFunctions | IWebhookFunctions): Registration | undefined {
	const { secret, url, channelId } = context.getWorkflowStaticData('node');
	if (typeof secret !== 'string' || typeof url !== 'string' || typeof channelId !== 'string') return undefined;
	return { secret, url, channelId };
}

/** Whether the query's secret is the registered one, compared in constant time; false unless it is a single string. */
export function isSecret(given: unknown, expected: string | undefined): boolean {
	if (typeof given !== 'string' || expected === undefined || expected === '') return false;
	return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}

type Request = ReturnType<IWebhookFunctions['getRequestObject']> & { rawBody?: { length: number } };

/**
 * Maximum bytes of a body: n8n's default (`N8N_PAYLOAD_SIZE_MAX`, 16 MiB), even if n8n is configured to accept more.
 * 1MSG's own bodies are a few kilobytes.
 */
export const MAX_BYTES = 16 * 1024 * 1024;

/** Bytes of the body as read by n8n (inflated), or as announced by the sender; 0 if neither is known. */
export function bytesOf(request: Request): number {
	return request.rawBody?.length ?? (Number(request.headers['content-length']) || 0);
}
