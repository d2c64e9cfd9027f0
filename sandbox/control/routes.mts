import { z } from 'zod';
import { chatRoutes } from './chats.mts';
import { customerRoutes } from './customers.mts';
import { messageRoutes } from './messages.mts';
import { ControlError, parse, queryNumber, type Route } from './request.mts';
import { scriptRoutes } from './script.mts';
import { shopRoutes } from './shop.mts';
import { templateRoutes } from './templates.mts';
import { webhookRoutes } from './webhooks.mts';
import { magicPhoneList } from '../scenarios/magic-phones.mts';
import { settingMeanings, settingsChanges } from '../state/settings.mts';

const clearSchema = z.object({ all: z.boolean().default(false) });

/** All routes of the control API. */
export const routes: Route[] = [
	{
		method: 'GET',
		path: /^$/,
		shown: 'GET /_sandbox/',
		does: 'this index',
		answer: (_, { channelId, token }) => ({
			channelId,
			token,
			control: { ...Object.fromEntries(routes.map(({ shown, does }) => [shown, does])), 'GET /_sandbox/events': 'server-sent events, one per change' },
			magicPhones: magicPhoneList(),
			settings: settingMeanings,
		}),
	},
	...messageRoutes,
	...chatRoutes,
	...customerRoutes,
	...shopRoutes,
	{
		method: 'GET',
		path: /^counts$/,
		shown: 'GET /_sandbox/counts?full=1',
		does: 'totals of messages, recipients, requests, refusals and sockets',
		answer({ query }, { messages, counts }) {
			const { requests, refusedForRate, serverErrors, openSocketsNow, openSocketsPeak } = counts;
			return {
				messages: messages.sent.length,
				recipients: messages.sentTo.size,
				maxPerRecipient: messages.maxPerRecipient,
				...(query.get('full') === '1' && { perRecipient: Object.fromEntries(messages.sentTo) }),
				requests,
				refusedForRate,
				serverErrors,
				openSocketsNow,
				openSocketsPeak,
			};
		},
	},
	{
		method: 'GET',
		path: /^calls$/,
		shown: 'GET /_sandbox/calls?path=&limit=',
		does: 'the last calls to the channel (path: sendTemplate, or send* for every send), tokens masked, newest last',
		answer: ({ query }, { calls }) => ({ calls: calls.list(query.get('path')?.replace(/^\/+/, '') || undefined, queryNumber(query, 'limit', 500)) }),
	},
	...scriptRoutes,
	{
		method: 'GET',
		path: /^settings$/,
		shown: 'GET /_sandbox/settings',
		does: 'the settings',
		answer: (_, { settings }) => settings,
	},
	{
		method: 'POST',
		path: /^settings$/,
		shown: 'POST /_sandbox/settings',
		does: 'changes some settings',
		answer: ({ body }, { settings }) => Object.assign(settings, parse(settingsChanges, body)),
	},
	...templateRoutes,
	...webhookRoutes,
	{
		method: 'POST',
		path: /^clear$/,
		shown: 'POST /_sandbox/clear',
		does: 'clears messages, calls and scripts; with {all: true} also settings, templates, webhooks and customers',
		answer({ body }, world) {
			if (typeof body !== 'object') throw new ControlError('The body must be an object.');
			world.clear(parse(clearSchema, body).all);
			return { cleared: true };
		},
	},
];
