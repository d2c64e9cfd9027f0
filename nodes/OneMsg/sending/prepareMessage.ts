import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ok, type Result } from '../../core/problem';
import type { OpenChannel } from '../../shared/transport';
import type { DoNotContact } from './doNotContact';
import { logKeyOf, sendOnceKeyOf } from './keys';
import type { Message, MessageContent } from './message';
import { readItemRecipient, type Recipient } from './recipient';
import { readSendOptions } from './sendOptions';
import { readSendSettings, type SendSettings } from './sendSettings';

/** Reads an item's options, recipient and content into a message. */
export async function prepareMessage(
	context: IExecuteFunctions,
	channel: OpenChannel,
	doNotContact: DoNotContact,
	itemIndex: number,
	readContent: (options: IDataObject, settings: SendSettings) => Promise<Result<MessageContent>> | Result<MessageContent>,
): Promise<Result<Message>> {
	const options = readSendOptions(context, itemIndex);
	if (!options.ok) return options;
	const settings = readSendSettings(options.value);
	if (!settings.ok) return settings;
	const recipient = readItemRecipient(context, itemIndex, options.value, channel);
	if (!recipient.ok) return recipient;
	const mayContact = doNotContact.check(options.value, itemIndex, recipient.value);
	if (!mayContact.ok) return mayContact;
	const content = await readContent(options.value, settings.value);
	if (!content.ok) return content;
	return ok(messageOf(quoting(content.value, settings.value), recipient.value, settings.value));
}

/** Every kind of send names the message that it answers alike (1msg-contract-2.md, sections 1.2 and 2). */
function quoting(content: MessageContent, { quotedMessageId }: SendSettings): MessageContent {
	if (quotedMessageId === '') return content;
	return { ...content, bodyTo: (address) => ({ ...content.bodyTo(address), quotedMsgId: quotedMessageId }) };
}

function messageOf(content: MessageContent, recipient: Recipient, settings: SendSettings): Message {
	const { path, template, shownAs, rehearsal } = content;
	const { to, address, contactKey } = recipient;
	const { phone: shown, ...more } = recipient.about;
	const key = sendOnceKeyOf(settings.sendOnceKey, recipient, content);
	return {
		path,
		body: content.bodyTo(address),
		to,
		contactKey,
		template,
		about: { phone: shown, ...content.about, ...more },
		shownAs,
		isTidied: content.isTidied ?? false,
		key,
		logged: {
			key: logKeyOf(key, settings.sendOnceKey, recipient),
			contactKey,
			phone: shown,
			orderReference: null,
			customerName: null,
			productName: null,
			template: null,
			...content.logged,
		},
		rehearsal,
		settings,
	};
}
