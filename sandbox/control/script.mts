import { z } from 'zod';
import { parse, type Route } from './request.mts';
import { failureWays } from '../scenarios/failure-ways.mts';

const statusSchema = z.object({
	status: z.string().min(1),
	afterMs: z.number().int().min(0).optional(),
	code: z.number().int().optional(),
});

const answerSchema = z
	.object({
		status: z.number().int().min(200).max(599).optional(),
		headers: z.record(z.string()).optional(),
		body: z.unknown(),
		delayMs: z.number().int().min(0).optional(),
		accept: z.boolean().optional(),
		normal: z.boolean().optional(),
		then: z.enum(['normal', 'hang', 'cutBefore', 'cutAfter', 'half', 'cutMiddle']).optional(),
		statuses: z.array(statusSchema.strict()).optional(),
	})
	.strict();

const scriptSchema = z.object({
	phone: z.string().optional(),
	path: z.string().min(1).transform((path) => path.replace(/^\/+|\/+$/g, '')).default('sendTemplate'),
	method: z.string().transform((method) => method.toUpperCase()).optional(),
	times: z.union([z.number().int().min(1), z.literal('forever')]).default(1),
	answers: z.array(answerSchema).min(1),
	label: z.string().max(200).optional(),
});

/** Scripts answers for future calls. */
export const scriptRoutes: Route[] = [
	{
		method: 'POST',
		path: /^script$/,
		shown: 'POST /_sandbox/script',
		does:
			'the next answers of matching calls: {phone?, path? (sendTemplate; send* is every send), method?, times? (1 each, or "forever"), label?, ' +
			'answers: [{status?, headers?, body?, delayMs?, accept?, normal?, ' +
			'then?: normal|hang|cutBefore|cutAfter|half|cutMiddle, ' +
			'statuses?: [{status, afterMs?, code?}]}]}',
		answer({ body }, { scripts, customers }) {
			const { path, method, phone, times, answers, label } = parse(scriptSchema, body);
			scripts.add({ path, method, phone: phone === undefined ? undefined : (customers.find(phone)?.key ?? phone.replace(/\D/g, '')) }, answers, times === 'forever' ? Infinity : times, label);
			return { waiting: scripts.waiting };
		},
	},
	{
		method: 'GET',
		path: /^script$/,
		shown: 'GET /_sandbox/script',
		does: 'pending scripts',
		answer: (_, { scripts }) => ({ scripts: scripts.list }),
	},
	{
		method: 'DELETE',
		path: /^script$/,
		shown: 'DELETE /_sandbox/script',
		does: 'removes all scripts',
		answer(_, { scripts }) {
			scripts.clear();
			return { waiting: scripts.waiting };
		},
	},
	{
		method: 'GET',
		path: /^failures$/,
		shown: 'GET /_sandbox/failures',
		does: 'every failure mode of a message, with its answer for a script',
		answer: (_, { settings }) => ({ ways: failureWays(settings) }),
	},
];
