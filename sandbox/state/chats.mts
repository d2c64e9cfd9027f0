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

/** Filters by state, as the phone page offers them. */
const GROUPS = {
	all: undefined,
	onTheWay: ['accepted', 'sent'],
	delivered: ['delivered'],
	read: ['read'],
	failed: ['failed'],
} as const satisfies Record<string, readonly MessageState[] | undefined>;
type CustomerGroup = keyof typeof GROUPS;

/** Summary of all chats. */
export interface ChatOverview {
	/** Outbound messages by state. */
	tally: Record<MessageState, number>;
	/** Outbound messages accepted in the last second. */
	lastSecond: number;
	/** Number of matching customers. */
	found: number;
	/** Number of customers that match the search, by the states of their messages: what `found` would be with each filter. */
	customers: Record<CustomerGroup, number>;
	/** The latest matching message of each customer, most recent first; at most `limit`. */
	newest: Message[];
}

/** Scans all messages, newest first. `now` in milliseconds since 1970. */
export function overviewOfChats(messages: Messages, customers: Customers, filter: ChatFilter, limit: number, now: number): ChatOverview {
	const tally = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as Record<MessageState, number>;
	const isSearched = searching(filter.search, customers);
	const found = new Set<string>();
	const groups = Object.entries(GROUPS).map(([name, states]) => ({ name, states, customers: new Set<string>() }));
	const newest: Message[] = [];
	let lastSecond = 0;
	for (let index = messages.all.length - 1; index >= 0; index--) {
		const message = messages.all[index]!;
		const state = message.direction === 'out' ? stateOf(message) : undefined;
		if (state) tally[state] += 1;
		if (state && message.at > now - 1000) lastSecond += 1;
		const news = groups.filter((group) => isIn(group.states, state) && !group.customers.has(message.phone));
		const isNew = isIn(filter.states, state) && !found.has(message.phone);
		if ((news.length === 0 && !isNew) || !isSearched(message)) continue;
		for (const group of news) group.customers.add(message.phone);
		if (!isNew) continue;
		found.add(message.phone);
		if (newest.length < limit) newest.push(message);
	}
	const counts = Object.fromEntries(groups.map(({ name, customers: { size } }) => [name, size])) as Record<CustomerGroup, number>;
	return { tally, lastSecond, found: found.size, customers: counts, newest };
}

const UNREAD_LOOKBACK = 200;

/** Delivered but unread messages at the end of the chat. */
export function unreadOf(chat: readonly Message[]): Message[] {
	return chat.slice(-UNREAD_LOOKBACK).filter((message) => message.direction === 'out' && stateOf(message) === 'delivered');
}

function isIn(states: readonly MessageState[] | undefined, state: MessageState | undefined): boolean {
	return !states || (state !== undefined && states.includes(state));
}

function searching(search: string, customers: Customers): (message: Message) => boolean {
	const words = search.trim().toLowerCase().replace(/^@/, '');
	const digits = /^[\d\s()+.-]+$/.test(words) ? words.replace(/\D/g, '') : '';
	const hasWords = ({ phone, template = '', shown: { header = '', text, footer = '' } }: Message) => {
		const { username = '', bsuid = '', name = '' } = customers.get(phone) ?? {};
		return (digits !== '' && phone.includes(digits)) || [phone, username, bsuid, name, template, header, text, footer].some((part) => part.toLowerCase().includes(words));
	};
	return (message) => words === '' || hasWords(message);
}
