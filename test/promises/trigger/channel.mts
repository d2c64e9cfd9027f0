/** A channel as its webhooks see it: the list that every writer replaces as a whole, the settings, hookInfo. It keeps the truth: every list there was, and who wrote it. */
import { WITNESS } from '../channel.mts';
import { isTaken, wrongAnswer, type Fault } from '../faults.mts';
import type { Service, WireAnswer, WireRequest } from '../transport.mts';
import type { VirtualTime } from '../virtual-time.mts';

/** What a request is about. A list is written by `POST /webhook`, and by `POST /settings` where it names one. */
export type Operation = 'readList' | 'writeList' | 'readSettings' | 'writeSettings' | 'hookInfo' | 'other';

/** One request as it came. */
export interface Asked {
	/** Counts all that happens in a world: what came later has a higher one. */
	sequence: number;
	at: number;
	answeredAt?: number;
	operation: Operation;
	/** Behind the channel's ID. */
	path: string;
	/** Which call of a node asks. */
	witness: string;
	fault?: Fault;
	/** The list as it stood before. */
	list: readonly string[];
	/** The list that it wrote. */
	written?: readonly string[];
	/** The settings that it names. */
	names: string[];
	/** The message that hookInfo was asked for, and what it told. */
	messageId?: string;
	told?: string[];
}

/** A list, from one moment on. */
export interface ListVersion {
	sequence: number;
	at: number;
	urls: readonly string[];
	/** The witness of the call that wrote it; undefined for another program. */
	by?: string;
}

/** How the channel puts a list into words. */
export interface ListStyle {
	none: 'null' | 'missing' | 'text' | 'list';
	one: 'text' | 'list';
	several: 'list' | 'joined';
}

/** What hookInfo knows of a message. */
export interface KnownStatus {
	status: string;
	/** Seconds since 1970. */
	timestamp: number;
	code?: number;
	/** Not yet at the first question. */
	isLate: boolean;
}

export interface ChannelSetup {
	channelId: string;
	token: string;
	origin: string;
	latency: number;
	urls: readonly string[];
	style: ListStyle;
	/** Whether the channel has `/settings` at all, for reading and for writing. */
	readsSettings: boolean;
	writesSettings: boolean;
	areAcksOn: boolean;
	known: (messageId: string) => readonly KnownStatus[];
	/** What goes wrong with a request; asked once for each. */
	faultOf: (operation: Operation, witness: string) => Fault | undefined;
	/** Told of each request when it has had its effect and before its answer leaves. */
	onAsked: (asked: Asked) => void;
}

type Fields = Record<string, unknown>;

/** What a channel holds at most. */
const MAX_URLS = 5;

export class HookChannel {
	readonly asked: Asked[] = [];
	/** Requests to another origin, or without the token in its header and nowhere else. */
	readonly strange: string[] = [];
	readonly versions: ListVersion[];
	readonly flags: Fields;
	/** Witnesses whose process is gone: what they send never arrives. */
	readonly dead = new Set<string>();
	private sequence = 0;
	private readonly questions = new Map<string, number>();

	private readonly time: VirtualTime;
	private readonly setup: ChannelSetup;

	constructor(time: VirtualTime, setup: ChannelSetup) {
		this.time = time;
		this.setup = setup;
		this.flags = { ackNotificationsOn: setup.areAcksOn, guaranteedHooks: true, rawHooks: false };
		this.versions = [{ sequence: 0, at: 0, urls: setup.urls }];
	}

	get urls(): readonly string[] {
		return this.versions.at(-1)!.urls;
	}

	/** The next number of the world's sequence. */
	next(): number {
		return ++this.sequence;
	}

	/** Writes the list, as another program does when nobody is named. */
	write(urls: readonly string[], by?: string): void {
		this.versions.push({ sequence: this.next(), at: this.time.elapsed(), urls, by });
	}

	readonly service: Service = async (request) => {
		const { latency, faultOf, onAsked } = this.setup;
		const witness = request.headers[WITNESS] ?? '';
		if (this.dead.has(witness)) return { kind: 'silence' };
		this.look(request);
		const { path, body } = this.parts(request);
		const asked: Asked = {
			sequence: this.next(),
			at: this.time.elapsed(),
			operation: operationOf(request.method, path, body),
			path,
			witness,
			list: this.urls,
			names: Object.keys(body),
		};
		asked.fault = faultOf(asked.operation, witness);
		this.asked.push(asked);
		if (asked.fault?.kind === 'unreached') return wrongAnswer(asked.fault)!;
		await this.time.sleep(latency / 2);
		if (this.dead.has(witness)) return { kind: 'silence' };
		asked.sequence = this.next();
		asked.list = this.urls;
		const right = asked.fault && !isTaken(asked.fault) ? undefined : this.answer(asked, request, body);
		onAsked(asked);
		await this.time.sleep(latency / 2 + (asked.fault?.kind === 'late' ? asked.fault.after : 0));
		asked.answeredAt = this.time.elapsed();
		return (asked.fault && wrongAnswer(asked.fault)) ?? right ?? json(500, { error: 'internal error' });
	};

	private look({ url, headers }: WireRequest): void {
		const { origin, token } = this.setup;
		if (url.origin !== origin) this.strange.push(`a request went to ${url.origin}`);
		if (headers.authorization !== `Bearer ${token}`) this.strange.push(`a request to ${url.pathname} did not carry the token`);
		if (url.href.includes(token)) this.strange.push(`the token stood in the URL of a request to ${url.pathname}`);
	}

	private parts({ url, body }: WireRequest): { path: string; body: Fields } {
		const prefix = `/${this.setup.channelId}`;
		return { path: url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : '/elsewhere', body: fieldsIn(body) };
	}

	private answer(asked: Asked, { url }: WireRequest, body: Fields): WireAnswer {
		const { readsSettings, writesSettings } = this.setup;
		switch (asked.operation) {
			case 'readList':
				return json(200, this.told());
			case 'readSettings':
				return readsSettings ? json(200, { ...this.flags, ...this.told() }) : json(404, { error: 'Not found' });
			case 'writeSettings':
				return writesSettings ? this.setFlags(body) : json(404, { error: 'Not found' });
			case 'writeList':
				return asked.path === '/settings' ? this.replaceBySettings(asked, body) : this.replace(asked, body);
			case 'hookInfo':
				return this.hookInfo(asked, url.searchParams.get('messageId') ?? '');
			default:
				return json(404, { message: 'no such method' });
		}
	}

	/** The list in the channel's own words. */
	private told(): Fields {
		const { none, one, several } = this.setup.style;
		const { urls } = this;
		if (urls.length === 0) return none === 'missing' ? {} : { webhookUrl: none === 'null' ? null : none === 'text' ? '' : [] };
		if (urls.length === 1) return { webhookUrl: one === 'text' ? urls[0] : urls };
		return { webhookUrl: several === 'joined' ? urls.join(', ') : urls };
	}

	private replace(asked: Asked, { webhookUrl }: Fields): WireAnswer {
		const urls = urlsIn(webhookUrl);
		if (urls.length === 0 || urls.length > MAX_URLS || !urls.every(isWebAddress)) return json(400, { error: 'webhookUrl must hold one to five addresses' });
		asked.written = urls;
		this.write(urls, asked.witness);
		return json(200, { set: true, webhookUrl });
	}

	/** Only `/settings` can clear the list (1msg-contract-2.md, section 1.4). */
	private replaceBySettings(asked: Asked, body: Fields): WireAnswer {
		if (!this.setup.writesSettings) return json(404, { error: 'Not found' });
		asked.written = urlsIn(body.webhookUrl);
		this.write(asked.written, asked.witness);
		return this.setFlags(body);
	}

	private setFlags(body: Fields): WireAnswer {
		for (const name of Object.keys(this.flags)) if (name in body) this.flags[name] = body[name];
		return json(200, { ...this.flags, ...this.told(), update: body });
	}

	private hookInfo(asked: Asked, messageId: string): WireAnswer {
		const place = this.questions.get(`${asked.witness} ${messageId}`) ?? 0;
		this.questions.set(`${asked.witness} ${messageId}`, place + 1);
		const known = this.setup.known(messageId).filter(({ isLate }) => !isLate || place > 0);
		asked.messageId = messageId;
		asked.told = known.map(({ status }) => status);
		return json(200, {
			hooks: known.map(({ status, timestamp, code }) => ({
				id: messageId, type: 'message', status, timestamp: String(timestamp), recipient_id: '79123456789',
				...(code !== undefined && { errors: [{ code, title: 'Not delivered' }] }),
			})),
		});
	}
}

function operationOf(method: string, path: string, body: Fields): Operation {
	switch (`${method} ${path}`) {
		case 'GET /webhook':
			return 'readList';
		case 'POST /webhook':
			return 'writeList';
		case 'GET /settings':
			return 'readSettings';
		case 'POST /settings':
			return 'webhookUrl' in body ? 'writeList' : 'writeSettings';
		case 'GET /hookInfo':
			return 'hookInfo';
		default:
			return 'other';
	}
}

function urlsIn(value: unknown): string[] {
	return (Array.isArray(value) ? value : [value]).filter((url): url is string => typeof url === 'string' && url !== '');
}

function isWebAddress(text: string): boolean {
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function json(status: number, body: unknown): WireAnswer {
	return { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function fieldsIn(text: string): Fields {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Fields) : {};
	} catch {
		return {};
	}
}
