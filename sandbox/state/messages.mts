import type { JsonObject } from '../json.mts';

/** A status of a message. `at` in milliseconds since 1970, `code` if it failed. */
export interface StatusRecord {
	status: string;
	at: number;
	code?: number;
}

/** A button as the customer sees it. */
export interface ShownButton {
	type: string;
	text: string;
	url?: string;
	code?: string;
	/** Payload of a tapped quick reply, if the send sets one. */
	payload?: string;
}

/** A message (or a carousel card) as the customer sees it. */
export interface Shown {
	text: string;
	header?: string;
	footer?: string;
	buttons: ShownButton[];
	cards?: Shown[];
}

/** A message before it has a number and an ID. */
export interface NewMessage {
	direction: 'in' | 'out';
	phone: string;
	chatId: string;
	kind: 'template' | 'text' | 'button' | 'media';
	shown: Shown;
	template?: string;
	language?: string;
	category?: string;
	/** Set where the Marketing Messages API took the message, or was wanted and did not. */
	mmLite?: 'lite' | 'fallback';
	request?: JsonObject;
	quotedMessageId?: string;
	payload?: string;
	media?: { type: string; url: string };
}

/** A message of the channel, in or out. `request` is stored as JSON text to save memory. */
export interface Message extends Omit<NewMessage, 'request'> {
	id: string;
	number: number;
	at: number;
	request: string;
	statuses: StatusRecord[];
}

/** All messages of the channel, indexed by ID, number and phone. */
export class Messages {
	#byId = new Map<string, Message>();
	#byPhone = new Map<string, Message[]>();
	#all: Message[] = [];
	#sent: Message[] = [];
	#sentTo = new Map<string, number>();
	#maxPerRecipient = 0;

	add(message: NewMessage, id: string, at: number): Message {
		const { request, ...rest } = message;
		const stored: Message = {
			...rest,
			id,
			number: this.#all.length + 1,
			at,
			request: JSON.stringify(request ?? {}),
			statuses: [],
		};
		this.#byId.set(id, stored);
		this.#all.push(stored);
		const chat = this.#byPhone.get(stored.phone);
		if (chat) chat.push(stored);
		else this.#byPhone.set(stored.phone, [stored]);
		if (stored.direction === 'out') this.#countSent(stored);
		return stored;
	}

	get(id: string): Message | undefined {
		return this.#byId.get(id);
	}

	/** Both directions, oldest first; message n is at n - 1. */
	get all(): readonly Message[] {
		return this.#all;
	}

	/** Outbound messages, oldest first. */
	get sent(): readonly Message[] {
		return this.#sent;
	}

	/** Both directions of one customer's chat, oldest first. */
	chat(phone: string): readonly Message[] {
		return this.#byPhone.get(phone) ?? [];
	}

	/** Number of messages sent to each recipient. */
	get sentTo(): ReadonlyMap<string, number> {
		return this.#sentTo;
	}

	get maxPerRecipient(): number {
		return this.#maxPerRecipient;
	}

	#countSent(message: Message): void {
		this.#sent.push(message);
		const count = (this.#sentTo.get(message.phone) ?? 0) + 1;
		this.#sentTo.set(message.phone, count);
		this.#maxPerRecipient = Math.max(this.#maxPerRecipient, count);
	}
}
