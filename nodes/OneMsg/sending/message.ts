import type { IDataObject } from 'n8n-workflow';
import type { SendSettings } from './sendSettings';

/** One message, checked and ready. */
export interface Message {
	path: '/sendTemplate' | '/sendMessage';
	body: IDataObject;
	/** Digits it goes to. */
	phone: string;
	/** Template and language, or another word for the kind: what a paused template stops. */
	template: string;
	/** What its output item says in every outcome: phone, texts, references. */
	about: IDataObject;
	/** Names it for `sendOnce` and within an execution. */
	key: string;
	/** What only a rehearsal shows. */
	rehearsal: IDataObject;
	settings: SendSettings;
}
