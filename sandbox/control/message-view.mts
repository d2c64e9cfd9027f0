import { failureWords } from '../scenarios/failures.mts';
import { type JsonObject, objectOf, parsedJson } from '../json.mts';
import { failureOf, stateOf } from '../state/message-state.mts';
import type { Message } from '../state/messages.mts';

/** A message of the business as the control API shows it. */
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

/** A message of either direction as it stands in a customer's chat: what it became of one sent, what was tapped of one received. */
export function chatMessageView(message: Message): JsonObject {
	const { direction, payload = null, media = null, category = null } = message;
	if (direction === 'in') return { ...messageView(message), direction, payload, media };
	const state = stateOf(message);
	const code = failureOf(message)?.code;
	const failure = state === 'failed' ? { code: code ?? null, ...(code === undefined ? { title: 'Message failed', details: '' } : failureWords(code)) } : null;
	return { ...messageView(message), direction, category, state, failure };
}
