import { type Answer, json } from '../http/answer.mts';
import { flagOf, type JsonObject, objectOf, textOf } from '../json.mts';
import type { NewMessage } from '../state/messages.mts';
import { readRecipient } from '../validation/recipient.mts';
import { refuse } from '../validation/refusal.mts';
import type { World } from '../state/world.mts';

const MAX_TEXT_LENGTH = 4096;

/**
 * Parses and validates a POST /sendMessage: free text within the customer's window, or what the channel makes of it outside
 * (1msg-contract-2.md section 2.1). Throws a Refusal for an invalid recipient.
 */
export function readTextSend(body: JsonObject, world: World): NewMessage | Answer {
	const text = textOf(body.body);
	if (!text) return json(400, { message: 'body is not defined' });
	if (text.length > MAX_TEXT_LENGTH) return json(400, { message: `body is longer than ${MAX_TEXT_LENGTH} characters` });
	const recipient = readRecipient(body, world);
	const category = categoryOf(body, world, world.isWindowOpen(recipient.phone));
	if (typeof category !== 'string') return category;
	return {
		direction: 'out',
		kind: 'text',
		...recipient,
		shown: { text, buttons: [] },
		request: body,
		category,
		quotedMessageId: textOf(body.quotedMsgId),
	};
}

function categoryOf(body: JsonObject, { settings }: World, isWindowOpen: boolean): string | Answer {
	const category = textOf(body.category) ?? 'service';
	if (category === 'utility' || category === 'authentication') {
		if (flagOf(objectOf(body.directSend)?.serviceFirst) === true && isWindowOpen) return 'service';
		return settings.directSend ? category : refuse(100, 'Direct Send is not enabled for this account');
	}
	if (category !== 'service') return json(400, { error: `category ${category} is not allowed` });
	if (isWindowOpen) return category;
	return settings.autoTemplate ? 'marketing' : json(400, { message: 'Dialog window is closed' });
}
