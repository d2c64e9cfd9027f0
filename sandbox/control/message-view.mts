import { failureWords } from '../scenarios/failures.mts';
import { type JsonObject, objectOf, parsedJson } from '../json.mts';
import { failureOf, stateOf } from '../state/message-state.mts';
import type { Message } from '../state/messages.mts';

/** An outbound message in the control API. */
export function messageView(message: Message): JsonObject {
	const { id, phone, chatId, kind, template = null, language = null, shown, request, at, statuses, quotedMessageId = null } = message;
	return {
		id,
		phone,
		chatId,
		kind,
		template,
		language,
		...shown,
		quotedMessageId,
		request: objectOf(parsedJson(request)),
		acceptedAt: new Date(at).toISOString(),
		statuses: statuses.map((record) => ({ ...record, at: new Date(record.at).toISOString() })),
	};
}

/** A chat message in the control API: state and failure if outbound, payload and media if inbound. */
export function chatMessageView(message: Message): JsonObject {
	const { direction, payload = null, media = null, category = null, mmLite = null } = message;
	if (direction === 'in') return { ...messageView(message), direction, payload, media };
	const state = stateOf(message);
	const code = failureOf(message)?.code;
	const failure = state === 'failed' ? { code: code ?? null, ...(code === undefined ? { title: 'Message failed', details: '' } : failureWords(code)) } : null;
	return { ...messageView(message), direction, category, mmLite, state, failure };
}
