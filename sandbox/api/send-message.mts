import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, textOf } from '../json.mts';
import type { NewMessage } from '../state/messages.mts';
import { type Addresses, readRecipient } from '../validation/recipient.mts';

const MAX_TEXT_LENGTH = 4096;

/**
 * Parses and validates a POST /sendMessage: free text, only allowed within the customer's window
 * (1msg-api.md sections 2.4 and 7). Throws a Refusal for an invalid recipient.
 */
export function readTextSend(body: JsonObject, addresses: Addresses, isWindowOpen: (phone: string) => boolean): NewMessage | Answer {
	const text = textOf(body.body);
	if (!text) return json(400, { message: 'body is not defined' });
	if (text.length > MAX_TEXT_LENGTH) return json(400, { message: `body is longer than ${MAX_TEXT_LENGTH} characters` });
	const recipient = readRecipient(body, addresses);
	if (!isWindowOpen(recipient.phone)) return json(400, { message: 'Dialog window is closed' });
	return {
		direction: 'out',
		kind: 'text',
		...recipient,
		shown: { text, buttons: [] },
		request: body,
		quotedMessageId: textOf(body.quotedMsgId),
	};
}
