/** The channel by contract, in-process. It records every message it took, the recipient, the time and the sender. */
import type { Service, WireAnswer, WireRequest } from './transport.mts';
import type { VirtualTime } from './virtual-time.mts';
import { isTaken, wrongAnswer, type Fault } from './faults.mts';

/** A request header naming the execution; only this world has it. */
export const WITNESS = 'x-world-execution';

/** A request as received. */
export interface Asked {
	/** World sequence: later events have higher numbers. */
	sequence: number;
	/** World milliseconds. */
	at: number;
	/** When the answer left; undefined until then. */
	answeredAt?: number;
	method: string;
	/** Path after the channel's ID, without query. */
	path: string;
	query: URLSearchParams;
	body: Record<string, unknown>;
	/** The sender, from the witness header. */
	execution: string;
	fault: Fault | undefined;
	/** The message accepted with it. */
	message?: TakenMessage;
	status?: number;
}

/** An accepted message: the customer gets it. */
export interface TakenMessage {
	id: string;
	/** Set if the answer had a job and no ID. */
	jobId: string | null;
	/** The recipient: the field's value, a username with `@`. */
	to: string;
	/** WhatsApp's name for the chat. */
	chatId: string;
	template: string;
	text: string;
	takenAt: number;
	/** Wall clock in milliseconds. */
	wall: number;
	asked: Asked;
	statuses: Array<{ status: string; after: number; errors?: unknown[] }>;
}

/** A history row that isn't ours: an agent's or a customer's. */
export interface OtherMessage {
	/** The customer's number or other name; the channel knows WhatsApp's own. */
	to: string;
	text: string;
	fromMe: boolean;
	/** Milliseconds before the world's start; negative: after. */
	ago: number;
}

export interface ChannelTemplate {
	name: string;
	language: string;
	status: string;
	namespace: string;
	body: string;
	buttons?: unknown[];
}

export interface ChannelSettings {
	channelId: string;
	token: string;
	origin: string;
	/** Response latency in milliseconds. */
	latency: number;
	templates: ChannelTemplate[];
	others: OtherMessage[];
	/** Statuses reported per message, by index; the last entry repeats. */
	reports: Array<Array<{ status: string; after: number; errors?: unknown[] }>>;
	/** Whether WhatsApp's name of a customer differs from the number (1msg-contract-2.md, section 4). */
	hasOldNames: boolean;
	/** Rate limit in messages per second, and burst; unlimited by default. */
	limit?: { perSecond: number; burst: number; refusal: Fault };
	/** Fault of a request, by path and index. */
	faultOf: (path: string, index: number, asked: Asked) => Fault | undefined;
}

type Fields = Record<string, unknown>;

const SENDS = ['/sendTemplate', '/sendMessage'];

export class Channel {
	readonly asked: Asked[] = [];
	readonly messages: TakenMessage[] = [];
	/** Requests to another origin: none may carry the token. */
	readonly strangers: WireRequest[] = [];
	webhookUrls: string[] = [];
	readonly flags: Fields = { ackNotificationsOn: true, guaranteedHooks: false, rawHooks: false };
	private readonly places = new Map<string, number>();
	private readonly startWall = Date.now();
	private allowance: number;
	private allowanceAt = 0;
	private sequence = 0;

	private readonly time: VirtualTime;
	private readonly settings: ChannelSettings;

	constructor(time: VirtualTime, settings: ChannelSettings) {
		this.time = time;
		this.settings = settings;
		this.allowance = settings.limit?.burst ?? 0;
	}

	/** The next world sequence number, for events outside the channel. */
	next(): number {
		return ++this.sequence;
	}

	/** Entry point of requests. */
	readonly service: Service = async (request) => {
		const { origin, channelId, token, latency, faultOf } = this.settings;
		const prefix = `/${channelId}`;
		if (request.url.origin !== origin) {
			this.strangers.push(request);
			return { kind: 'answer', status: 200, body: '{"sent":true,"id":"wamid.STRANGER"}' };
		}
		const path = request.url.pathname.startsWith(prefix) ? request.url.pathname.slice(prefix.length) : request.url.pathname;
		const asked: Asked = {
			sequence: this.next(),
			at: this.time.elapsed(),
			method: request.method,
			path,
			query: request.url.searchParams,
			body: parsed(request.body),
			execution: request.headers[WITNESS] ?? '',
			fault: undefined,
		};
		const index = this.places.get(path) ?? 0;
		this.places.set(path, index + 1);
		this.asked.push(asked);
		asked.fault = faultOf(path, index, asked);
		if (asked.fault?.kind === 'unreached') return wrongAnswer(asked.fault)!;
		await this.time.sleep(latency / 2);
		const proof = asked.body.token ?? request.url.searchParams.get('token') ?? request.headers.authorization?.replace(/^Bearer /, '');
		const right =
			proof === token
				? this.answer(asked)
				: json(401, { error: `Wrong token "${String(proof)}" for channel "${channelId}". Please provide token as a GET parameter.` });
		await this.time.sleep(latency / 2 + (asked.fault?.kind === 'late' ? asked.fault.after : 0));
		const answer = (asked.fault && wrongAnswer(asked.fault)) ?? right;
		if (answer.kind === 'silence') return answer;
		asked.answeredAt = this.time.elapsed();
		if (answer.kind === 'answer') asked.status = answer.status;
		return answer;
	};

	private answer(asked: Asked): WireAnswer {
		const { path, method } = asked;
		if (SENDS.includes(path) && method === 'POST') return this.send(asked);
		switch (`${method} ${path}`) {
			case 'GET /templates':
				return this.listTemplates(asked);
			case 'GET /hookInfo':
				return json(200, { hooks: this.reportsOf(asked.query.get('messageId') ?? '') });
			case 'GET /messages':
				return this.history(asked);
			case 'GET /status':
				return json(200, { status: 'connected', accountStatus: 'authenticated', mm_lite_available: false });
			case 'GET /webhook':
				return json(200, { webhookUrl: this.webhookUrls });
			case 'POST /webhook':
				return this.setWebhooks(asked);
			case 'GET /settings':
				return json(200, { ...this.flags, webhookUrl: this.webhookUrls });
			case 'POST /settings':
				return this.setSettings(asked);
			default:
				return json(404, { message: 'no such method' });
		}
	}

	private send(asked: Asked): WireAnswer {
		asked.fault ??= this.overLimit();
		const { fault, body } = asked;
		if (fault && !isTaken(fault)) return json(200, { sent: false });
		const content = asked.path === '/sendMessage' ? { template: 'text', text: String(body.body ?? '') } : this.fill(body);
		if ('error' in content) {
			asked.fault = { kind: 'refused', status: 422, body: JSON.stringify({ error: content.error }), stops: 'may' };
			return json(422, { error: content.error });
		}
		const field = ['phone', 'chatId', 'bsuid', 'username'].find((name) => body[name] !== undefined) ?? 'none';
		const to = `${field === 'username' ? '@' : ''}${String(body[field] ?? '')}`;
		const index = this.messages.length;
		const id = `wamid.W${index + 1}`;
		const { reports } = this.settings;
		const message: TakenMessage = {
			id,
			jobId: fault?.kind === 'queued' ? String(fault.body.jobId) : null,
			to,
			chatId: this.chatOf(to),
			...content,
			takenAt: this.time.elapsed(),
			wall: Date.now(),
			asked,
			statuses: reports[Math.min(index, reports.length - 1)] ?? [],
		};
		this.messages.push(message);
		asked.message = message;
		const accepted = { sent: true, id, message: `Sent to ${message.chatId}`, description: 'Message has been sent to the provider' };
		if (fault?.kind === 'queued') return json(fault.status, fault.body);
		if (fault?.kind === 'noId') return json(200, { sent: true, message: accepted.message });
		if (fault?.kind === 'saidOtherwise') return json(fault.status, { ...accepted, ...fault.body });
		return json(200, accepted);
	}

	/** A token bucket, as is usual. */
	private overLimit(): Fault | undefined {
		const { limit } = this.settings;
		if (!limit) return undefined;
		const now = this.time.elapsed();
		this.allowance = Math.min(limit.burst, this.allowance + ((now - this.allowanceAt) / 1000) * limit.perSecond);
		this.allowanceAt = now;
		if (this.allowance < 1) return limit.refusal;
		this.allowance--;
		return undefined;
	}

	/** The text as WhatsApp shows it, or the request's error. */
	private fill(body: Fields): { template: string; text: string } | { error: string } {
		const language = (body.language as Fields | undefined)?.code;
		const template = this.settings.templates.find(
			(candidate) => candidate.name === body.template && candidate.language === language && candidate.status.toLowerCase() === 'approved',
		);
		if (!template) return { error: `(#132001) Template name (${String(body.template)}) does not exist in ${String(language)}` };
		if (body.namespace !== template.namespace) return { error: 'namespace is missing or wrong' };
		const params = (Array.isArray(body.params) ? body.params : []) as Array<{ type: string; parameters: Array<{ text?: string }> }>;
		const values = params.find(({ type }) => type === 'body')?.parameters ?? [];
		const wanted = new Set(template.body.match(/\{\{\d+\}\}/g) ?? []).size;
		if (values.length !== wanted) return { error: `(#132000) body: number of localizable_params (${values.length}) does not match the expected number of params (${wanted})` };
		const text = template.body.replace(/\{\{(\d+)\}\}/g, (_, index: string) => String(values[Number(index) - 1]?.text ?? ''));
		return { template: `${template.name}|${template.language}`, text };
	}

	/** WhatsApp's name for a customer's chat (1msg-contract-2.md, section 4). */
	chatOf(to: string): string {
		if (!/^\d+$/.test(to)) return to.includes('@') ? to : `${to}@lid`;
		if (!this.settings.hasOldNames) return `${to}@c.us`;
		const old = to
			.replace(/^55([1-9]\d)9([6-9]\d{7})$/, '55$1$2')
			.replace(/^52([1-9]\d{9})$/, '521$1')
			.replace(/^54([1-8]\d{9})$/, '549$1');
		return `${old}@c.us`;
	}

	private listTemplates({ query }: Asked): WireAnswer {
		const { templates } = this.settings;
		const from = Number(query.get('offset') ?? 0);
		const rows = templates.slice(from, from + Number(query.get('limit') ?? 100)).map(({ body, buttons, ...row }, index) => ({
			id: String(from + index),
			category: 'UTILITY',
			...row,
			components: [{ type: 'BODY', text: body }, ...(buttons ? [{ type: 'BUTTONS', buttons }] : [])],
		}));
		return json(200, { total: templates.length, templates: rows });
	}

	private reportsOf(id: string): unknown[] {
		const message = this.messages.find((candidate) => candidate.id === id);
		if (!message) return [];
		const age = this.time.elapsed() - message.takenAt;
		return message.statuses
			.filter(({ after }) => after <= age)
			.map(({ status, after, errors }) => ({
				id,
				type: 'message',
				status,
				timestamp: String(Math.floor((message.wall + after) / 1000)),
				recipient_id: message.chatId.replace(/@.*$/, ''),
				...(errors && { errors }),
			}));
	}

	/** The complete future history, with the wall clock of each entry. */
	kept(): Array<{ id: string; text: string; chatId: string; fromMe: boolean; wall: number }> {
		return [
			...this.settings.others.map(({ to, text, fromMe, ago }, index) => ({ id: `wamid.OTHER${index + 1}`, text, fromMe, chatId: this.chatOf(to), wall: this.startWall - ago })),
			...this.messages.map(({ id, text, chatId, wall }) => ({ id, text, fromMe: true, chatId, wall })),
		];
	}

	/** Oldest first unless `last`; cut to `limit` (1msg-contract-2.md, section 1.7). */
	private history({ query }: Asked): WireAnswer {
		const all = this.kept()
			.filter(({ wall }) => wall <= Date.now())
			.sort((a, b) => a.wall - b.wall)
			.map(({ wall, fromMe, text, ...row }, index) => ({ ...row, body: text, messageNumber: index + 1, type: 'chat', caption: null, fromMe: fromMe ? 1 : 0, self: fromMe ? 1 : 0, time: Math.floor(wall / 1000) }));
		const chatId = query.get('chatId');
		const least = Number(query.get('min_time') ?? -Infinity);
		const most = Number(query.get('max_time') ?? Infinity);
		const cursor = query.get('lastMessageNumber');
		const isLast = ['true', '1'].includes(query.get('last') ?? '');
		const limit = Number(query.get('limit') ?? 100);
		const wanted = all.filter(
			(row) =>
				(chatId === null || row.chatId === chatId) &&
				row.time >= least &&
				row.time <= most &&
				(isLast || cursor === null || row.messageNumber > Number(cursor)) &&
				(query.get('msgId') === null || row.id === query.get('msgId')),
		);
		const ordered = isLast ? wanted.reverse() : wanted;
		return json(200, { messages: limit === 0 ? ordered : ordered.slice(0, limit) });
	}

	private setWebhooks({ body }: Asked): WireAnswer {
		const urls = urlsIn(body.webhookUrl);
		if (urls.length === 0 || urls.length > 5) return json(400, { error: 'webhookUrl must hold one to five addresses' });
		this.webhookUrls = urls;
		return json(200, { set: true, webhookUrl: body.webhookUrl });
	}

	private setSettings({ body }: Asked): WireAnswer {
		const { webhookUrl, ...flags } = body;
		if (webhookUrl !== undefined) this.webhookUrls = urlsIn(webhookUrl);
		for (const name of Object.keys(this.flags)) if (name in flags) this.flags[name] = flags[name];
		return json(200, { ...this.flags, webhookUrl: this.webhookUrls });
	}
}

function urlsIn(value: unknown): string[] {
	return (Array.isArray(value) ? value : [value]).filter((url): url is string => typeof url === 'string' && url !== '');
}

function json(status: number, body: unknown): WireAnswer {
	return { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function parsed(text: string): Fields {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Fields) : {};
	} catch {
		return Object.fromEntries(new URLSearchParams(text));
	}
}
