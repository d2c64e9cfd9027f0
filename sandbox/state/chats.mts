import { MESSAGE_STATES, type MessageState, stateOf } from './message-state.mts';
import type { Customers } from './customers.mts';
import type { Message, Messages } from './messages.mts';

/** Selects customers with a message that matches all of it. */
export interface ChatFilter {
	/** Part of a phone (in any format), username, user ID, text or template name; empty matches everything. */
	search: string;
	/** States of outbound messages; undefined matches both directions. */
	states?: readonly MessageState[];
}

/** Summary of all chats. */
export interface ChatOverview {
	/** Outbound messages by state. */
	tally: Record<MessageState, number>;
	/** Outbound messages accepted in the last second. */
	lastSecond: number;
	/** Number of matching customers. */
	found: number;
	/** The latest matching message of each customer, most recent first; at most `limit`. */
	newest: Message[];
}

/** Scans all messages, newest first. `now` in milliseconds since 1970. */
export function overviewOfChats(messages: Messages, customers: Customers, filter: ChatFilter, limit: number, now: number): ChatOverview {
	const tally = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as Record<MessageState, number>;
	const fits = fitting(filter, customers);
	const found = new Set<string>();
	const newest: Message[] = [];
	let lastSecond = 0;
	for (let index = messages.all.length - 1; index >= 0; index--) {
		const message = messages.all[index]!;
		const state = message.direction === 'out' ? stateOf(message) : undefined;
		if (state) tally[state] += 1;
		if (state && message.at > now - 1000) lastSecond += 1;
		if (found.has(message.phone) || !fits(message, state)) continue;
		found.add(message.phone);
		if (newest.length < limit) newest.push(message);
	}
	return { tally, lastSecond, found: found.size, newest };
}

const UNREAD_LOOKBACK = 200;

/** Delivered but unread messages at the end of the chat. */
export function unreadOf(chat: readonly Message[]): Message[] {
	return chat.slice(-UNREAD_LOOKBACK).filter((message) => message.direction === 'out' && stateOf(message) === 'delivered');
}

function fitting({ search, states }: ChatFilter, customers: Customers): (message: Message, state: MessageState | undefined) => boolean {
	const words = search.trim().toLowerCase().replace(/^@/, '');
	const digits = /^[\d\s()+.-]+$/.test(words) ? words.replace(/\D/g, '') : '';
	const hasWords = ({ phone, template = '', shown: { header = '', text, footer = '' } }: Message) => {
		const { username = '', bsuid = '', name = '' } = customers.get(phone) ?? {};
		return (digits !== '' && phone.includes(digits)) || [phone, username, bsuid, name, template, header, text, footer].some((part) => part.toLowerCase().includes(words));
	};
	return (message, state) => (!states || (state !== undefined && states.includes(state))) && (words === '' || hasWords(message));
}
