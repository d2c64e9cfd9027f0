/** A channel seen by its webhooks: the list that every writer replaces whole, settings, hookInfo. It records every list and its writer. */
import { WITNESS } from '../channel.mts';
import { isTaken, wrongAnswer, type Fault } from '../faults.mts';
import type { Service, WireAnswer, WireRequest } from '../transport.mts';
import type { VirtualTime } from '../virtual-time.mts';

/** A request's subject. `POST /webhook` writes a list, as does `POST /settings` if it names one. */
export type Operation = 'readList' | 'writeList' | 'readSettings' | 'writeSettings' | 'hookInfo' | 'other';

/** A request as received. */
export interface Asked {
	/** World sequence: later events have higher numbers. */
	sequence: number;
	at: number;
	answeredAt?: number;
	operation: Operation;
	/** Path after the channel's ID. */
	path: string;
	/** The node call that sent it. */
	witness: string;
	fault?: Fault;
	/** The list before. */
	list: readonly string[];
	/** The list it wrote. */
	written?: readonly string[];
	/** Settings in the request. */
	names: string[];
	/** The message asked about in hookInfo, and the answer. */
	messageId?: string;
	told?: string[];
}

/** A list and its start. */
export interface ListVersion {
	sequence: number;
	at: number;
	urls: readonly string[];
	/** Witness of the call that wrote it; undefined for another program. */
	by?: string;
}

/** How the channel formats a list. */
export interface ListStyle {
	none: 'null' | 'missing' | 'text' | 'list';
	one: 'text' | 'list';
	several: 'list' | 'joined';
	/** Whether it says which URLs are disabled (1msg-contract-2.md, section 1.3), and how. */
	states: 'none' | 'statuses' | 'disabledOnly';
}

/** A URL that the channel's circuit breaker disabled, by world sequence (1msg-contract-2.md, section 1.6). */
export interface Disabled {
	url: string;
	from: number;
	/** Infinity until the list is submitted again. */
	to: number;
}

/** hookInfo's record of a message. */
export interface KnownStatus {
	status: string;
	/** Seconds since 1970. */
	timestamp: number;
	code?: number;
	/** Missing from the first answer. */
	isLate: boolean;
}

export interface ChannelSetup {
	channelId: string;
	token: string;
	origin: string;
	latency: number;
	urls: readonly string[];
	style: ListStyle;
	/** Whether the channel supports `/settings`, for reads and for writes. */
	readsSettings: boolean;
	writesSettings: boolean;
	areAcksOn: boolean;
	known: (messageId: string) => readonly KnownStatus[];
	/** Fault of a request; called once each. */
	faultOf: (operation: Operation, witness: string) => Fault | undefined;
	/** Called after a request took effect, before its answer leaves. */
	onAsked: (asked: Asked) => void;
}

type Fields = Record<string, unknown>;

/** Capacity of a channel. */
const MAX_URLS = 5;

export class HookChannel {
	readonly asked: Asked[] = [];
	/** Requests to another origin, or with the token anywhere but in its header. */
	readonly strange: string[] = [];
	readonly versions: ListVersion[];
	readonly disabled: Disabled[] = [];
	readonly flags: Fields;
	/** Witnesses of dead processes: their requests never arrive. */
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

	/** The next world sequence number. */
	next(): number {
		return ++this.sequence;
	}

	/** Writes the list, as another program by default. */
	write(urls: readonly string[], by?: string): void {
		this.versions.push({ sequence: this.next(), at: this.time.elapsed(), urls, by });
		// A submitted list lifts the state of every URL.
		for (const entry of this.disabled) entry.to = Math.min(entry.to, this.sequence);
	}

	/** Trips the breaker of a listed URL for good: nothing is delivered to it until the list is submitted again. */
	disable(url: string): void {
		if (!this.isDisabled(url)) this.disabled.push({ url, from: this.next(), to: Infinity });
	}

	isDisabled(url: string, at = this.sequence): boolean {
		return this.disabled.some((entry) => entry.url === url && entry.from <= at && entry.to > at);
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

	/** The list in the channel's format. */
	private told(): Fields {
		const { none, one, several } = this.setup.style;
		const { urls } = this;
		const states = this.states();
		if (urls.length === 0) return none === 'missing' ? {} : { webhookUrl: none === 'null' ? null : none === 'text' ? '' : [] };
		if (urls.length === 1) return { webhookUrl: one === 'text' ? urls[0] : urls, ...states };
		return { webhookUrl: several === 'joined' ? urls.join(', ') : urls, ...states };
	}

	private states(): Fields {
		const { urls } = this;
		const disabled = urls.filter((url) => this.isDisabled(url));
		switch (this.setup.style.states) {
			case 'none':
				return {};
			case 'disabledOnly':
				return { haveDisabledWebhooks: disabled.length > 0, disabledWebhooks: disabled };
			default:
				return {
					haveDisabledWebhooks: disabled.length > 0,
					circuitState: disabled.length > 0 ? 'disabled' : 'ok',
					webhookStatuses: urls.map((url) => (this.isDisabled(url) ? { url, circuitState: 'disabled', reason: 'http_404', fails: 4, trips: 3, disabledAt: 1_796_000_000_000 } : { url, circuitState: 'ok' })),
				};
		}
	}

	private replace(asked: Asked, { webhookUrl }: Fields): WireAnswer {
		const urls = urlsIn(webhookUrl);
		if (urls.length === 0 || urls.length > MAX_URLS || !urls.every(isWebAddress)) return json(400, { error: 'webhookUrl must hold one to five addresses' });
		asked.written = urls;
		this.write(urls, asked.witness);
		return json(200, { set: true, webhookUrl });
	}

	/** Only `/settings` can clear it (1msg-contract-2.md, section 1.4). */
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
		const index = this.questions.get(`${asked.witness} ${messageId}`) ?? 0;
		this.questions.set(`${asked.witness} ${messageId}`, index + 1);
		const known = this.setup.known(messageId).filter(({ isLate }) => !isLate || index > 0);
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
