import { z } from 'zod';
import { readUrls } from '../api/webhook.mts';
import { ControlError, parse, queryNumber, type Route } from './request.mts';
import { CIRCUIT_STATES } from '../state/circuit-breaker.mts';
import { isLoopback, type Webhook } from '../state/webhook-list.mts';
import type { JsonObject } from '../json.mts';

const circuitSchema = z
	.object({
		circuitState: z.enum(CIRCUIT_STATES),
		reason: z.string().optional(),
		fails: z.number().int().min(0).optional(),
		trips: z.number().int().min(0).optional(),
		disabledAt: z.number().int().optional(),
		firstFailAt: z.number().int().optional(),
	})
	.strict();
const listSchema = z.object({ urls: z.array(z.string()).optional(), disabled: z.array(z.string()).default([]), circuits: z.record(circuitSchema).default({}) });
const postSchema = z.object({ body: z.unknown(), url: z.string().optional() });

/** Edits the channel's webhook list and posts custom payloads. */
export const webhookRoutes: Route[] = [
	{
		method: 'GET',
		path: /^webhooks$/,
		shown: 'GET /_sandbox/webhooks',
		does: "every registered URL with its state and deliveries, and the channel's flags",
		answer: (_, { webhooks, hooks, channel }) => ({
			flags: channel,
			webhooks: webhooks.list.map((webhook) => ({ ...webhookView(webhook), pending: hooks.pending(webhook.url) })),
		}),
	},
	{
		method: 'POST',
		path: /^webhooks$/,
		shown: 'POST /_sandbox/webhooks',
		does: 'sets the list, and the states of its URLs: {urls?: [...], disabled?: [...], circuits?: {url: {circuitState: ok|degraded|open|half_open|disabled, reason?, fails?, trips?, disabledAt?, firstFailAt?}}}',
		answer({ body }, { webhooks }) {
			const { urls: given = webhooks.urls, disabled, circuits } = parse(listSchema, body);
			const urls = readUrls(given);
			if (typeof urls === 'string') throw new ControlError(`${urls}.`);
			webhooks.replace(urls);
			webhooks.disable(disabled);
			webhooks.put(circuits);
			return { urls: webhooks.urls };
		},
	},
	{
		method: 'GET',
		path: /^webhooks\/answers$/,
		shown: 'GET /_sandbox/webhooks/answers?since=',
		does: 'how long every registered URL took to answer its POSTs (p50Ms, p99Ms, slowestMs, overASecond), and when the last one left; since: milliseconds since 1970',
		answer: ({ query }, { webhooks }) => ({ webhooks: webhooks.list.map(({ url, answers }) => ({ url, ...answers.since(queryNumber(query, 'since', 0)) })) }),
	},
	{
		method: 'POST',
		path: /^hooks$/,
		shown: 'POST /_sandbox/hooks',
		does: 'posts a payload now to the registered loopback URLs, or to one URL: {body, url?}; a string is sent as is',
		async answer({ body }, { webhooks, hooks }) {
			const { body: content, url } = parse(postSchema, body);
			if (content === undefined) throw new ControlError('Give a body to post.');
			if (url !== undefined && !isLoopback(url)) throw new ControlError('Only URLs on this machine can be called.');
			const text = typeof content === 'string' ? content : JSON.stringify(content);
			return { results: await hooks.postNow(url === undefined ? webhooks.urls : [url], text) };
		},
	},
];

function webhookView({ breaker, url, loopback, attempts, delivered, skipped, failuresInARow, lastStatus, lastError, lastAt }: Webhook): JsonObject {
	const circuit = breaker.shown(Date.now());
	return {
		url,
		loopback,
		attempts,
		delivered,
		skipped,
		failuresInARow,
		lastStatus,
		lastError,
		lastAt,
		...circuit,
		enabled: circuit.circuitState !== 'disabled',
		warnedAt: breaker.warnedAt,
		nextProbeAt: breaker.nextProbeAt,
	};
}
