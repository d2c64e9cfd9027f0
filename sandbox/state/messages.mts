import type { JsonObject } from '../json.mts';

/** One step in a message's life. `at` in milliseconds since 1970, `code` where it failed. */
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
	/** What comes back when a quick reply is tapped, where the send says. */
	payload?: string;
}

/** What the customer sees of one message (or of one carousel card). */
export interface Shown {
	text: string;
	header?: string;
	footer?: string;
	buttons: ShownButton[];
	cards?: Shown[];
}

/** What a message is made of before it has a number and an ID. */
export interface NewMessage {
	direction: 'in' | 'out';
	phone: string;
	chatId: string;
	kind: 'template' | 'text' | 'button' | 'media';
	shown: Shown;
	template?: string;
	language?: string;
	category?: string;
	request?: JsonObject;
	quotedMessageId?: string;
	payload?: string;
	media?: { type: string; url: string };
}

/** A message of the channel, in or out. `request` is kept as JSON text to stay small. */
export interface Message extends Omit<NewMessage, 'request'> {
	id: string;
	number: number;
	at: number;
	request: string;
	statuses: StatusRecord[];
}

/** Every message of the channel, found by ID, by number and by phone without a search. */
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

	/** Both directions, oldest first; the message numbered n is at n - 1. */
	get all(): readonly Message[] {
		return this.#all;
	}

	/** What the business sent, oldest first. */
	get sent(): readonly Message[] {
		return this.#sent;
	}

	/** Both directions of one customer's chat, oldest first. */
	chat(phone: string): readonly Message[] {
		return this.#byPhone.get(phone) ?? [];
	}

	/** How many messages each recipient was sent. */
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
