import type { IDataObject } from 'n8n-workflow';
import type { LoggedMessage } from '../../core/logRow/logRow';
import type { Address, Identity } from '../../core/recipient/identity';
import type { SendSettings } from './sendSettings';

/** One message, validated and ready to send. */
export interface Message {
	path: '/sendTemplate' | '/sendMessage';
	body: IDataObject;
	/** The actual recipient. */
	to: Identity;
	/** Of the actual recipient. */
	contactKey: string;
	/** Template and language, or the kind of message: the scope of a template stop. */
	template: string;
	/** Fields of its output item in every outcome: recipient, texts, references. */
	about: IDataObject;
	/** How WhatsApp may show this message, one of these texts; empty if unknown. */
	shownAs: string[];
	/** See `MessageContent`. */
	isTidied: boolean;
	/** The `sendOnce` key. */
	key: string;
	/** What its log row says of it. */
	logged: LoggedMessage;
	/** Fields of a rehearsal only. */
	rehearsal: IDataObject;
	settings: SendSettings;
}

/** What differs per kind of send; the rest is shared (prepareMessage.ts). */
export interface MessageContent {
	path: Message['path'];
	/** The request body for a customer. */
	bodyTo: (to: Address) => IDataObject;
	template: string;
	/** Fields of the output item, besides its recipient. */
	about: IDataObject;
	shownAs: string[];
	/** Whether a value lost line breaks, tabs or runs of spaces (`readValue`). */
	isTidied?: boolean;
	/** Columns of its log row, besides its recipient. */
	logged?: Partial<Pick<LoggedMessage, 'orderReference' | 'customerName' | 'productName' | 'template'>>;
	/** Equal for equal messages to one customer. */
	identity: unknown;
	rehearsal: IDataObject;
}
