import { type Answer, json } from '../http/answer.mts';
import { normalisedMessage } from '../hooks/payloads.mts';
import { flagOf, type JsonObject } from '../json.mts';
import type { Message } from '../state/messages.mts';
import type { World } from '../state/world.mts';

const DEFAULT_LIMIT = 100;

/**
 * GET /messages: the channel's history (1msg-contract-2.md section 1.7). `last=true` is newest first and ignores the cursor;
 * `lastMessageNumber=X` is what came after X, oldest first. Times in seconds, inclusive; `limit=0` is no limit.
 */
export function history(query: URLSearchParams, world: World): Answer {
	const { messages, customers, settings } = world;
	if (!settings.historyStored) return json(200, { notice: 'Message history storage is turned off for this channel' });
	const element = (message: Message): JsonObject => ({
		...normalisedMessage(message, customers.namesIn(message)),
		fromMe: message.direction === 'out' ? 1 : 0,
		messageNumber: message.number,
		metadata: null,
	});
	const id = query.get('msgId');
	if (id) return json(200, { messages: [messages.get(id)].filter((message) => message !== undefined).map(element) });
	const isLast = flagOf(query.get('last')) === true;
	const isNewest = isLast || (settings.historyDefault === 'newest' && !query.has('lastMessageNumber'));
	const limit = limitOf(query.get('limit'));
	const list = listed(query.get('chatId'), world);
	const { from, to } = range(list, query, isLast);
	const page = isNewest ? list.slice(Math.max(from, to - limit), to) : list.slice(from, Math.min(to, from + limit));
	return json(200, { messages: (isLast ? page.toReversed() : page).map(element) });
}

// A chat has one ID, whichever form of the phone a message was sent to; a hidden number's is its user ID.
function listed(chatId: string | null, { messages, customers }: World): readonly Message[] {
	if (!chatId) return messages.all;
	const name = chatId.replace(/@.*$/, '');
	const chat = messages.chat(customers.find(name)?.key ?? name);
	if (chatId.endsWith('@lid')) return chat;
	return chat.filter((message) => customers.namesIn(message).chatId.replace(/@.*$/, '') === name);
}

function limitOf(given: string | null): number {
	const limit = given === null || given.trim() === '' ? NaN : Number(given);
	return limit === 0 ? Infinity : limit > 0 ? limit : DEFAULT_LIMIT;
}

function range(list: readonly Message[], query: URLSearchParams, isLast: boolean): { from: number; to: number } {
	const number = (name: string, fallback: number) => (query.has(name) ? Number(query.get(name)) || 0 : fallback);
	const afterNumber = isLast ? 0 : number('lastMessageNumber', 0);
	const minTime = number('min_time', 0) * 1000;
	const maxTime = (number('max_time', Infinity) + 1) * 1000;
	const from = firstWhere(list, (message) => message.number > afterNumber && message.at >= minTime);
	return { from, to: Math.max(from, firstWhere(list, (message) => message.at >= maxTime)) };
}

// Numbers and times ascend, so a binary search works.
function firstWhere(list: readonly Message[], isThere: (message: Message) => boolean): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isThere(list[middle]!)) high = middle;
		else low = middle + 1;
	}
	return low;
}
