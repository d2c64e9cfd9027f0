/** POST bodies of 1MSG in every form (1msg-api.md, section 6; 1msg-contract-2.md, section 3), and the meaning of each entry. */
import fc from 'fast-check';

/** A customer, by known identifiers. */
export interface Customer {
	digits?: string;
	bsuid?: string;
	username?: string;
	name?: string;
}

export type StatusForm = 'hooks' | 'ack' | 'rawStatuses';
export type MessageForm = 'messages' | 'rawMessages' | 'rawEchoes';

export type Entry =
	| { is: 'status'; form: StatusForm; message: number; customer: Customer; word: string; seconds?: number; code?: number; phoneless: 'null' | 'missing' | 'bsuid' }
	| { is: 'message'; form: MessageForm; message: number; customer: Customer; isEcho: boolean; kind: 'text' | 'button' | 'image'; yes: boolean | number | string; byBusiness: boolean; seconds: number }
	| { is: 'nothing'; form: StatusForm | MessageForm; entry: unknown };

/** The channel named in the POST. */
export type Named = 'ours' | 'prefixed' | 'nobody' | 'other';

export type Report = { named: Named; entries: Entry[] } | { named: Named; body: unknown };

/** An entry's meaning by interface.md. Several values if it leaves them open. */
export interface Meaning {
	form: StatusForm | MessageForm;
	event: 'messageStatus' | 'messageReceived' | 'messageEchoed';
	messageId: string;
	status?: 'sent' | 'failed' | 'delivered' | 'read';
	rank?: number;
	isFinal?: boolean;
	phone: string | null;
	bsuid: Array<string | null>;
	username: Array<string | null>;
	chatId: Array<string | null>;
	senderName?: Array<string | null>;
	text?: string | null;
	buttonPayload?: string | null;
	mediaUrl?: string | null;
	occurredAt: string | null;
	failureCode?: string;
	raw: unknown;
}

const BUSINESS = '15550001111';

const RANKS = { sent: 1, failed: 2, delivered: 3, read: 4 } as const;

const WORDS: Record<string, keyof typeof RANKS> = {
	sent: 'sent', delivered: 'delivered', read: 'read', viewed: 'read', played: 'read', failed: 'failed', undelivered: 'failed',
};

/** Names a channel may have for itself. */
export const CHANNEL = 'VID100000001';
export const OTHER_CHANNEL = 'VID999999999';

export function messageIdOf(message: number): string {
	return `wamid.HBgLNzkx+${message}/Rg==`;
}

/** The POST body. */
export function bodyOf(report: Report): unknown {
	const instanceId = { ours: CHANNEL, prefixed: `instance${CHANNEL}`, other: OTHER_CHANNEL, nobody: undefined }[report.named];
	const frame = instanceId === undefined ? {} : { instanceId };
	if ('body' in report) return typeof report.body === 'object' && report.body !== null && !Array.isArray(report.body) ? { ...frame, ...report.body } : report.body;
	const of = (form: Entry['form']) => report.entries.filter((entry) => entry.form === form);
	const list = (name: string, form: Entry['form']) => (of(form).length === 0 ? {} : { [name]: of(form).map(elementOf) });
	const raw = [...of('rawStatuses'), ...of('rawMessages'), ...of('rawEchoes')];
	const contacts = raw.flatMap((entry) => (entry.is === 'nothing' || (entry.is === 'status' && WORDS[entry.word] === 'failed') ? [] : [contactOf(entry.customer)]));
	const value = {
		messaging_product: 'whatsapp', metadata: { display_phone_number: BUSINESS, phone_number_id: '1' }, ...(contacts.length > 0 && { contacts }),
		...list('statuses', 'rawStatuses'), ...list('messages', 'rawMessages'), ...list('message_echoes', 'rawEchoes'),
	};
	return {
		...frame,
		...list('hooks', 'hooks'),
		...list('ack', 'ack'),
		...list('messages', 'messages'),
		...(raw.length > 0 && { object: 'whatsapp_business_account', entry: [{ id: '2', changes: [{ field: 'messages', value }] }] }),
	};
}

/** The POST's meaning to a trigger of the channel; empty if about another. */
export function meaningsOf(report: Report): Meaning[] {
	if (report.named === 'other' || 'body' in report) return [];
	return report.entries.flatMap((entry) => (entry.is === 'status' ? statusMeaning(entry) : entry.is === 'message' ? [messageMeaning(entry)] : []));
}

/** A comparison key per customer (1msg-contract-2.md, section 4). */
export function keyOf(digits: string): string {
	const [brazil, mexico, argentina] = [/^55([1-9]\d)9?([6-9]\d{7})$/, /^521?([1-9]\d{9})$/, /^549?([1-9]\d{9})$/].map((rule) => rule.exec(digits));
	if (brazil) return `55${brazil[1]}9${brazil[2]}`;
	if (mexico) return `52${mexico[1]}`;
	if (argentina) return `54${argentina[1]}`;
	return digits;
}

type Status = Extract<Entry, { is: 'status' }>;
type Message = Extract<Entry, { is: 'message' }>;

function elementOf(entry: Entry): unknown {
	if (entry.is === 'nothing') return entry.entry;
	return entry.is === 'status' ? statusElement(entry) : messageElement(entry);
}

function statusElement({ form, message, customer, word, seconds, code, phoneless }: Status): unknown {
	const { digits, bsuid, username } = customer;
	const id = messageIdOf(message);
	if (form === 'ack') {
		const phone = digits !== undefined ? { phone: digits } : phoneless === 'missing' ? {} : { phone: phoneless === 'bsuid' && bsuid !== undefined ? bsuid : null };
		return {
			id, chatId: chatIdOf(customer), ...phone, bsuid: bsuid ?? null, userName: username ?? null, status: word, category: 'utility',
			...(code !== undefined && { error: "User's number is part of an experiment" }),
		};
	}
	return {
		id, type: 'message', status: word, ...(seconds !== undefined && { timestamp: String(seconds) }),
		...(digits !== undefined && { recipient_id: digits }),
		...(tellsUserId(word, customer) && { recipient_user_id: bsuid }),
		...(code !== undefined && { errors: [{ code, title: 'Not delivered', message: 'Not delivered', error_data: { details: 'In order to maintain a healthy ecosystem engagement' } }] }),
	};
}

/** A failed status to a phone omits the BSUID (1msg-contract-2.md, section 3.3). */
function tellsUserId(word: string, { digits, bsuid }: Customer): boolean {
	return bsuid !== undefined && (digits === undefined || WORDS[word] !== 'failed');
}

function messageElement({ form, message, customer, isEcho, kind, yes, byBusiness, seconds }: Message): unknown {
	const { digits, bsuid, username, name } = customer;
	const id = messageIdOf(message);
	if (form === 'messages') {
		const chatId = chatIdOf(customer);
		return {
			id, type: kind === 'text' ? 'chat' : kind, body: kind === 'text' ? textOf(message) : kind === 'image' ? mediaOf(message) : '',
			...(kind === 'button' && { button: { text: textOf(message), payload: payloadOf(message) } }),
			caption: kind === 'image' ? textOf(message) : null, self: 0, fromMe: isEcho ? yes : false, time: seconds, chatId,
			author: isEcho && byBusiness ? `${BUSINESS}@c.us` : chatId, chatName: name ?? chatId, senderName: (isEcho ? 'Our Shop' : name) ?? null,
			...(!isEcho && { authorBsuid: bsuid ?? null, authorUserName: username ?? null }), quotedMsgId: null, isForwarded: false,
		};
	}
	const way = form === 'rawEchoes' ? 'to' : 'from';
	const content =
		kind === 'text' ? { type: 'text', text: { body: textOf(message) } }
		: kind === 'button' ? { type: 'button', button: { text: textOf(message), payload: payloadOf(message) } }
		: { type: 'image', image: { id: '77', link: mediaOf(message), caption: textOf(message) } };
	return {
		id, ...(form === 'rawEchoes' && { from: BUSINESS }), ...(digits !== undefined && { [way]: digits }), ...(bsuid !== undefined && { [`${way}_user_id`]: bsuid }),
		timestamp: String(seconds), ...content,
	};
}

function contactOf({ digits, bsuid, username, name }: Customer): unknown {
	return {
		...(digits !== undefined && { wa_id: digits }), ...(bsuid !== undefined && { user_id: bsuid }),
		profile: { ...(name !== undefined && { name }), ...(username !== undefined && { username }) },
	};
}

function chatIdOf({ digits, bsuid, username }: Customer): string {
	return digits !== undefined ? `${digits}@c.us` : bsuid !== undefined ? `${bsuid}@lid` : `${username ?? 'nobody'}@username`;
}

function statusMeaning(entry: Status): Meaning[] {
	const status = WORDS[entry.word];
	if (status === undefined) return [];
	const { form, message, customer, seconds, code } = entry;
	const { digits, bsuid, username } = customer;
	const isAck = form === 'ack';
	return [
		{
			form, event: 'messageStatus', messageId: messageIdOf(message), status, rank: RANKS[status], isFinal: status === 'read' || status === 'failed',
			phone: digits ?? null,
			// Next to a raw status, `contacts` may hold the names.
			bsuid: [isAck || tellsUserId(entry.word, customer) ? (bsuid ?? null) : null, ...(form === 'rawStatuses' ? [bsuid ?? null] : [])],
			username: form === 'rawStatuses' ? namesIn(customer) : [isAck ? (username ?? null) : null],
			chatId: isAck ? [chatIdOf(customer)] : derivedChatIds(customer),
			occurredAt: isAck ? null : seconds === undefined ? null : iso(seconds),
			...(status === 'failed' && { failureCode: !isAck && code !== undefined ? String(code) : 'any' }),
			raw: statusElement(entry),
		},
	];
}

function messageMeaning(entry: Message): Meaning {
	const { form, message, customer, isEcho, kind, seconds } = entry;
	const { digits, bsuid, username, name } = customer;
	const isNormalised = form === 'messages';
	// An echo identifies the customer by chat only.
	const isBsuidTold = !isNormalised || !isEcho || digits === undefined;
	return {
		form, event: isEcho ? 'messageEchoed' : 'messageReceived', messageId: messageIdOf(message),
		phone: digits ?? null,
		bsuid: [isBsuidTold ? (bsuid ?? null) : null],
		username: isNormalised && !isEcho ? [username ?? null] : namesIn(customer),
		chatId: isNormalised ? [chatIdOf(customer)] : derivedChatIds(customer),
		senderName: isNormalised ? [(isEcho ? 'Our Shop' : name) ?? null] : [name ?? null, null],
		text: textOf(message),
		buttonPayload: kind === 'button' ? payloadOf(message) : null,
		mediaUrl: kind === 'image' ? mediaOf(message) : null,
		occurredAt: iso(seconds),
		raw: messageElement(entry),
	};
}

/** What the raw form may say: none, or a name that `contacts` gives this user ID, which a renamed customer has two of. */
function namesIn({ bsuid, username }: Customer): Array<string | null> {
	const others = CUSTOMERS.filter((customer) => bsuid !== undefined && customer.bsuid === bsuid).map((customer) => customer.username ?? null);
	return [username ?? null, null, ...others];
}

/** If absent, it is derived from phone or BSUID, if possible. */
function derivedChatIds({ digits, bsuid }: Customer): Array<string | null> {
	return [null, ...(digits !== undefined ? [`${digits}@c.us`] : []), ...(digits === undefined && bsuid !== undefined ? [`${bsuid}@lid`] : [])];
}

function iso(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}

const textOf = (message: number) => `Text ${message}`;
const payloadOf = (message: number) => `payload-${message}`;
const mediaOf = (message: number) => `https://media.example.org/${message}.jpg`;

const CUSTOMERS: Customer[] = [
	{ digits: '79123456789', name: 'Ana' },
	{ digits: '12025550100', bsuid: 'US.1726000000000001', name: 'Bob' },
	{ digits: '551187776666', name: 'Caio' },
	{ digits: '5511987776666', bsuid: 'BR.1726000000000002', username: 'caio.s', name: 'Caio S' },
	{ digits: '5215512349876', bsuid: 'MX.1726000000000003', name: 'Dora' },
	{ digits: '525512349876', name: 'Dora' },
	{ digits: '5491123456789', name: 'Eva' },
	{ digits: '541123456789' },
	{ bsuid: 'CO.1726000000000004', name: 'Fito' },
	{ bsuid: 'CO.1726000000000005', username: 'gala_7', name: 'Gala' },
	// Renamed, then renumbered: the user ID follows the phone, not the name.
	{ bsuid: 'CO.1726000000000006', username: 'hugo.old', name: 'Hugo' },
	{ bsuid: 'CO.1726000000000006', username: 'hugo', name: 'Hugo' },
	{ digits: '573004445566', bsuid: 'CO.1726000000000007', username: 'hugo', name: 'Hugo' },
];

const seconds = fc.integer({ min: 1_795_000_000, max: 1_795_400_000 });
/** Few messages, so that they recur. */
const message = fc.nat({ max: 4 });
const customer = fc.constantFrom(...CUSTOMERS);

const statusEntry: fc.Arbitrary<Entry> = fc
	.record({
		form: fc.constantFrom<StatusForm>('ack', 'hooks', 'rawStatuses'),
		message,
		customer,
		word: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'viewed', 'played', 'undelivered', 'deleted', 'pending', 'accepted'),
		seconds: fc.option(seconds, { nil: undefined }),
		code: fc.constantFrom(131049, 131026, 130472, 470, 987654),
		phoneless: fc.constantFrom('null', 'missing', 'bsuid'),
	})
	.map(({ code, ...entry }): Entry => ({ is: 'status', ...entry, ...(WORDS[entry.word] === 'failed' && { code }) }));

const messageEntry: fc.Arbitrary<Entry> = fc
	.record({
		form: fc.constantFrom<MessageForm>('messages', 'rawMessages', 'rawEchoes'),
		message,
		customer,
		isEcho: fc.boolean(),
		kind: fc.constantFrom('text', 'button', 'image'),
		yes: fc.constantFrom<boolean | number | string>(true, 1, '1', 'true'),
		byBusiness: fc.boolean(),
		seconds,
	})
	.map((entry): Entry => ({ is: 'message', ...entry, isEcho: entry.form === 'messages' ? entry.isEcho : entry.form === 'rawEchoes' }));

const nothing: fc.Arbitrary<Entry> = fc.record({
	is: fc.constant('nothing'),
	form: fc.constantFrom<StatusForm | MessageForm>('ack', 'hooks', 'rawStatuses', 'messages', 'rawMessages'),
	entry: fc.constantFrom<unknown>(null, 7, 'read', [], {}, { status: 'read' }, { id: '', status: 'read', body: 'x' }, { status: { status: 'read' } }),
});

const entries = fc.array(fc.oneof({ weight: 8, arbitrary: statusEntry }, { weight: 3, arbitrary: messageEntry }, { weight: 1, arbitrary: nothing }), { minLength: 1, maxLength: 6 });
/** Many entries, few of them distinct. */
const many = fc.tuple(entries, fc.integer({ min: 20, max: 60 })).map(([some, times]) => Array.from({ length: times }, () => some).flat());
const named = fc.oneof({ weight: 6, arbitrary: fc.constant<Named>('ours') }, { weight: 3, arbitrary: fc.constantFrom<Named>('prefixed', 'nobody', 'other') });

export const report: fc.Arbitrary<Report> = fc.oneof(
	{ weight: 12, arbitrary: fc.record({ named, entries }) },
	{ weight: 1, arbitrary: fc.record({ named, entries: many }) },
	{ weight: 1, arbitrary: fc.record({ named, body: fc.constantFrom<unknown>({}, { hooks: [] }, { ack: 'none' }, { type: 'calls', event: 'connect' }, [], 'text', 5, { hooks: { id: 'wamid.1', status: 'read' } }, { entry: [{ changes: null }] }) }) },
);
