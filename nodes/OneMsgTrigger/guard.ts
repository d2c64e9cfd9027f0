import { createHash, timingSafeEqual } from 'node:crypto';
import { sleep, type IDataObject, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import { readList } from '../shared/webhookRegistry';
import { clock } from '../shared/clock';
import { isSameEndpoint, SECRET_PARAMETER, secretIn } from '../core/webhooks/list';
import { ask, openChannel } from '../shared/transport';
import { memoryOf } from './memory';
import type { Registration } from './registration';

/** Milliseconds for the channel's list, and for the whole question: 1MSG waits for its answer meanwhile, and counts slow ones against the URL. */
const TIMEOUT = 600;
const LONGEST = 900;
/** Milliseconds between two looks into the list, so that forged calls cost the channel little. */
const INTERVAL = 250;

/** The registration whose secret a call carries; undefined for a call that carries none. */
export async function registrationOf(context: IWebhookFunctions): Promise<Registration | undefined> {
	const memory = memoryOf(keyOf(context));
	const given = (context.getQueryData() as IDataObject)[SECRET_PARAMETER];
	const known = [stored(context), memory.registration, memory.pending].find((registration) => isSecret(given, registration?.secret));
	if (known || typeof given !== 'string' || given === '' || isTest(context)) return known;
	// In queue mode another process has written the list, and n8n saves its secret only afterwards: the list itself tells it before.
	const arrivedAt = clock();
	const late = sleep(LONGEST).then(() => undefined);
	for (;;) {
		const look = lookInto(memory, context);
		const listed = await Promise.race([look.asking, late]);
		if (isSecret(given, listed?.secret)) return listed;
		// A look that began before the call came may not have seen what the call knows.
		if (look.begunAt >= arrivedAt || clock() >= arrivedAt + LONGEST) return undefined;
	}
}

/** The look that is under way, or the next one, in its time. */
function lookInto(memory: ReturnType<typeof memoryOf>, context: IWebhookFunctions): NonNullable<typeof memory.look> {
	if (memory.look && !memory.look.isOver) return memory.look;
	const wait = memory.look ? Math.max(0, memory.look.begunAt + INTERVAL - clock()) : 0;
	const look = { begunAt: clock() + wait, isOver: false, asking: sleep(wait).then(async () => await readListed(context)) };
	void look.asking.then(() => (look.isOver = true));
	memory.look = look;
	return look;
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

/** The part of a URL's path that tells test from production, `webhook-test` unless n8n is set up otherwise. */
const TEST_ENDPOINT = /\/[^/]*test[^/]*\/[^/]+\/1msg\/?$/i;

/** A test run, which n8n keeps in its main process. What ends one is not run as one: there only the URL tells. */
function isTest(context: IHookFunctions | IWebhookFunctions): boolean {
	return context.getMode() === 'manual' || TEST_ENDPOINT.test(context.getNodeWebhookUrl('default') ?? '');
}

/** One memory per workflow, node, and test or production URL: a test run never disturbs production. */
export function keyOf(context: IHookFunctions | IWebhookFunctions): string {
	const { id } = context.getWorkflow();
	return [id, context.getNode().id, isTest(context) ? 'test' : (context.getNodeWebhookUrl('default') ?? '')].join('|');
}

/** What n8n keeps between activation and deactivation, under whatever address this n8n was reached then. */
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
export const MAX_BYTES = 16 * 1024 * 1024;

/** Bytes of the body as n8n read it (inflated), or as the sender announces it; 0 where neither is known. */
export function bytesOf(request: Request): number {
	return request.rawBody?.length ?? (Number(request.headers['content-length']) || 0);
}
