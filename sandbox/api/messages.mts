import { type Answer, json } from '../http/answer.mts';
import { normalisedMessage } from '../hooks/payloads.mts';
import type { JsonObject } from '../json.mts';
import type { Message, Messages } from '../state/messages.mts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/**
 * GET /messages: the channel's history, oldest first (1msg-api.md section 7). `lastMessageNumber=X` returns messages
 * after X; without it, the newest within `limit`. Times in seconds, inclusive.
 */
export function history(messages: Messages, query: URLSearchParams, stored: boolean): Answer {
	if (!stored) return json(200, { notice: 'Message history storage is turned off for this channel' });
	const limit = Math.min(MAX_LIMIT, Math.max(1, Number(query.get('limit')) || DEFAULT_LIMIT));
	const chatId = query.get('chatId');
	const list = chatId ? messages.chat(chatId.replace(/@.*$/, '')) : messages.all;
	const { from, to } = range(list, query);
	const after = query.has('lastMessageNumber');
	const page = after ? list.slice(from, Math.min(to, from + limit)) : list.slice(Math.max(from, to - limit), to);
	const id = query.get('msgId');
	const found = id ? [messages.get(id)].filter((message) => message !== undefined) : page;
	return json(200, { messages: found.map(historyElement) });
}

function historyElement(message: Message): JsonObject {
	return {
		...normalisedMessage(message),
		fromMe: message.direction === 'out' ? 1 : 0,
		messageNumber: message.number,
		metadata: null,
	};
}

function range(list: readonly Message[], query: URLSearchParams): { from: number; to: number } {
	const number = (name: string, fallback: number) => (query.has(name) ? Number(query.get(name)) || 0 : fallback);
	const afterNumber = number('lastMessageNumber', 0);
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
