import { z } from 'zod';
import { ControlError, parse, queryNumber, type Route } from './request.mts';
import { customerMeant, whoFields } from './customers.mts';
import { newMessageId } from '../state/message-id.mts';
import { messageView } from './message-view.mts';
import type { Message } from '../state/messages.mts';
import type { World } from '../state/world.mts';

const statusSchema = z.object({
	status: z.string().min(1),
	code: z.number().int().optional(),
	at: z.union([z.string().datetime({ offset: true }), z.number().int()]).optional(),
});

const inboundSchema = z.object({
	...whoFields,
	text: z.string().optional(),
	button: z.object({ text: z.string(), payload: z.string().optional() }).optional(),
	quotedMessageId: z.string().optional(),
	media: z.object({ type: z.enum(['image', 'audio', 'video', 'voice', 'document', 'sticker']), url: z.string().url() }).optional(),
});

/** Sent messages, their statuses, and inbound messages. */
export const messageRoutes: Route[] = [
	{
		method: 'GET',
		path: /^messages$/,
		shown: 'GET /_sandbox/messages?phone=&id=&limit=&offset=',
		does: 'sent messages, newest last',
		answer({ query }, world) {
			const chosen = chosenMessages(query, world);
			const offset = queryNumber(query, 'offset', 0);
			const page = chosen.slice(offset, offset + queryNumber(query, 'limit', 100));
			return { total: chosen.length, messages: page.map(messageView) };
		},
	},
	{
		method: 'POST',
		path: /^messages\/([^/]+)\/status$/,
		shown: 'POST /_sandbox/messages/{id}/status',
		does: 'applies a status now: {status, code?, at?}',
		answer({ key, body }, world) {
			const message = world.messages.get(key);
			if (!message || message.direction === 'in') throw new ControlError(`There is no sent message ${key}.`, 404);
			const { status, code, at } = parse(statusSchema, body);
			world.deliveries.happen(message, { status, at: at === undefined ? Date.now() : new Date(at).getTime(), ...(code !== undefined && { code }) });
			return messageView(message);
		},
	},
	{
		method: 'GET',
		path: /^inbound$/,
		shown: 'GET /_sandbox/inbound?limit=&offset=',
		does: "the customers' messages, newest last",
		answer({ query }, { messages }) {
			const written = messages.all.filter(({ direction }) => direction === 'in');
			const offset = queryNumber(query, 'offset', 0);
			const page = written.slice(offset, offset + queryNumber(query, 'limit', 100));
			return { total: written.length, messages: page.map(({ id, phone, kind, shown: { text }, at }) => ({ id, phone, kind, text, at: new Date(at).toISOString() })) };
		},
	},
	{
		method: 'POST',
		path: /^inbound$/,
		shown: 'POST /_sandbox/inbound',
		does: 'a customer writes, which opens the free text window: {phone or bsuid or username, text?, button?: {text, payload?}, quotedMessageId?, media?: {type, url}}',
		answer({ body }, world) {
			const { text, button, quotedMessageId, media, ...who } = parse(inboundSchema, body);
			if (text === undefined && !button && !media) throw new ControlError('Give text, button or media.');
			const customer = customerMeant(who, world.customers);
			if (customer.isBlocked) throw new ControlError('The channel has blocked this customer.');
			const phone = customer.key;
			const { chatId } = world.customers.namesOf(customer);
			const at = Date.now();
			world.lastInbound.set(phone, at);
			const message = world.messages.add(
				{
					direction: 'in',
					phone,
					chatId,
					kind: media ? 'media' : button ? 'button' : 'text',
					shown: { text: button?.text ?? text ?? '', buttons: [] },
					payload: button?.payload,
					quotedMessageId,
					media,
				},
				newMessageId(chatId.replace(/@.*$/, '')),
				at,
			);
			world.hooks.message(message);
			return { id: message.id, phone };
		},
	},
];

function chosenMessages(query: URLSearchParams, { messages, customers }: World): readonly Message[] {
	const id = query.get('id');
	const who = query.get('phone');
	const phone = who ? (customers.find(who)?.key ?? who.replace(/@.*$/, '')) : undefined;
	const found = id ? [messages.get(id)].filter((message) => message !== undefined) : phone ? chatOf(messages, phone) : messages.sent;
	return id || phone ? found.filter(({ direction }) => direction === 'out') : found;
}

function chatOf(messages: World['messages'], phone: string): readonly Message[] {
	const chat = messages.chat(phone);
	return chat.length > 0 ? chat : messages.chat(phone.replace(/\D/g, ''));
}
