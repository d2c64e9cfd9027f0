import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, textOf } from '../json.mts';
import type { NewMessage } from '../state/messages.mts';
import { readRecipient } from '../validation/recipient.mts';

const LONGEST_TEXT = 4096;

/**
 * Reads and checks a POST /sendMessage: free text, allowed only while the customer's window is open
 * (1msg-api.md sections 2.4 and 7). Throws a Refusal for a recipient that is none.
 */
export function readTextSend(body: JsonObject, isWindowOpen: (phone: string) => boolean): NewMessage | Answer {
	const text = textOf(body.body);
	if (!text) return json(400, { message: 'body is not defined' });
	if (text.length > LONGEST_TEXT) return json(400, { message: `body is longer than ${LONGEST_TEXT} characters` });
	const recipient = readRecipient(body);
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
