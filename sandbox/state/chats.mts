import { MESSAGE_STATES, type MessageState, stateOf } from './message-state.mts';
import type { Message, Messages } from './messages.mts';

/** Which customers are listed: those with a message that fits all of it. */
export interface ChatFilter {
	/** Part of a phone (however written), a text or a template's name; empty fits everything. */
	search: string;
	/** How far a message of the business came; undefined fits both directions. */
	states?: readonly MessageState[];
}

/** What a look over all chats finds. */
export interface ChatOverview {
	/** Messages of the business by how far they came. */
	tally: Record<MessageState, number>;
	/** Messages of the business accepted in the last second. */
	lastSecond: number;
	/** How many customers fit the filter. */
	found: number;
	/** The newest message that fits, of the customers heard of last; at most `limit`. */
	newest: Message[];
}

/** Looks over every message, newest first. `now` in milliseconds since 1970. */
export function overviewOfChats(messages: Messages, filter: ChatFilter, limit: number, now: number): ChatOverview {
	const tally = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as Record<MessageState, number>;
	const fits = fitting(filter);
	const found = new Set<string>();
	const newest: Message[] = [];
	let lastSecond = 0;
	for (let place = messages.all.length - 1; place >= 0; place--) {
		const message = messages.all[place]!;
		const state = message.direction === 'out' ? stateOf(message) : undefined;
		if (state) tally[state] += 1;
		if (state && message.at > now - 1000) lastSecond += 1;
		if (found.has(message.phone) || !fits(message, state)) continue;
		found.add(message.phone);
		if (newest.length < limit) newest.push(message);
	}
	return { tally, lastSecond, found: found.size, newest };
}

const LOOKED_BACK = 200;

/** Messages delivered to a customer and not read, among the last of the chat. */
export function unreadOf(chat: readonly Message[]): Message[] {
	return chat.slice(-LOOKED_BACK).filter((message) => message.direction === 'out' && stateOf(message) === 'delivered');
}

function fitting({ search, states }: ChatFilter): (message: Message, state: MessageState | undefined) => boolean {
	const words = search.trim().toLowerCase();
	const digits = /^[\d\s()+.-]+$/.test(words) ? words.replace(/\D/g, '') : '';
	const hasWords = ({ phone, template = '', shown: { header = '', text, footer = '' } }: Message) =>
		(digits !== '' && phone.includes(digits)) || [phone, template, header, text, footer].some((part) => part.toLowerCase().includes(words));
	return (message, state) => (!states || (state !== undefined && states.includes(state))) && (words === '' || hasWords(message));
}
