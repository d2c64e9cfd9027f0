import type { IDataObject } from 'n8n-workflow';
import type { SendSettings } from './sendSettings';

/** One message, checked and ready. */
export interface Message {
	path: '/sendTemplate' | '/sendMessage';
	body: IDataObject;
	/** Digits it goes to. */
	phone: string;
	/** Of `phone`: who really gets the message. */
	contactKey: string;
	/** Template and language, or another word for the kind: what a paused template stops. */
	template: string;
	/** What its output item says in every outcome: phone, texts, references. */
	about: IDataObject;
	/** The texts, one of which WhatsApp shows of this message and of no other; empty where they are not known. */
	shownAs: string[];
	/** Names it for `sendOnce`. */
	key: string;
	/** What only a rehearsal shows. */
	rehearsal: IDataObject;
	settings: SendSettings;
}

/** What is special to one kind of send; everything else is read once, for all of them (prepareMessage.ts). */
export interface MessageContent {
	path: Message['path'];
	/** The request's body, to a phone (digits). */
	bodyTo: (phone: string) => IDataObject;
	template: string;
	/** What the output item says besides its recipient. */
	about: IDataObject;
	shownAs: string[];
	/** What makes two messages to one customer the same. */
	identity: unknown;
	rehearsal: IDataObject;
}
