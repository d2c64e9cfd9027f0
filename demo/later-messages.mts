import type { Sandbox } from '../harness/sandbox-program.mts';

/** Maximum number of messages tracked, and of lines per update: the phone page shows all. */
const MAX_LINES = 20;
const MAX_TEXT = 80;
/** Columns of the first word. */
const WIDTH = 10;
/** Statuses that are printed and end the tracking. */
const ENDS = new Set(['delivered', 'read', 'failed', 'undelivered']);

interface Seen {
	id: string;
	phone: string;
	template: string | null;
	language: string | null;
	statuses: Array<{ status: string; code?: number }>;
}

interface Page {
	total: number;
	messages: Seen[];
}

interface Written {
	total: number;
	messages: Array<{ phone: string; text: string }>;
}

interface Confirmed {
	total: number;
	confirmations: Array<{ phone: string; orderReference: string }>;
}

/** Number of customers' messages and confirmations seen. */
interface Heard {
	written: number;
	confirmed: number;
}

/** Reports what a sandbox accepts from now on, each outcome, and what customers write and confirm. */
export class LaterMessages {
	private readonly sandbox: Pick<Sandbox, 'control'>;
	/** Number of messages seen. */
	private seen: number;
	private heard: Heard;
	private open: string[] = [];

	private constructor(sandbox: Pick<Sandbox, 'control'>, seen: number, heard: Heard) {
		this.sandbox = sandbox;
		this.seen = seen;
		this.heard = heard;
	}

	static async start(sandbox: Pick<Sandbox, 'control'>): Promise<LaterMessages> {
		const { total } = await sandbox.control<Page>('GET', 'messages?limit=1');
		const written = await sandbox.control<Written>('GET', 'inbound?limit=1');
		const confirmed = await sandbox.control<Confirmed>('GET', 'confirmations');
		return new LaterMessages(sandbox, total, { written: written.total, confirmed: confirmed.total });
	}

	/** Lines since the last call. */
	async look(): Promise<string[]> {
		const { total, messages } = await this.sandbox.control<Page>('GET', `messages?offset=${this.seen}&limit=${MAX_LINES}`);
		const more = total - this.seen - messages.length;
		// A smaller total means the sandbox was cleared.
		this.seen = total;
		this.open.push(...messages.map(({ id }) => id).slice(0, MAX_LINES - this.open.length));
		const taken = messages.map((message) => line('accepted', message));
		return [...taken, ...(more > 0 ? [`and ${more} more on the phone page`] : []), ...(await this.ended()), ...(await this.fromCustomers())];
	}

	private async fromCustomers(): Promise<string[]> {
		const written = await this.sandbox.control<Written>('GET', `inbound?offset=${this.heard.written}&limit=${MAX_LINES}`);
		const confirmed = await this.sandbox.control<Confirmed>('GET', `confirmations?offset=${this.heard.confirmed}`);
		this.heard = { written: written.total, confirmed: confirmed.total };
		return [
			...written.messages.map(({ phone, text }) => `${'wrote'.padEnd(WIDTH)} ${phone}: ${JSON.stringify(text.slice(0, MAX_TEXT))}`),
			...confirmed.confirmations.map(({ phone, orderReference }) => `${'confirmed'.padEnd(WIDTH)} ${phone}, order ${orderReference}`),
		];
	}

	private async ended(): Promise<string[]> {
		const looked = await Promise.all(this.open.map(async (id) => await this.find(id)));
		const ends = looked.map((message) => message?.statuses.find(({ status }) => ENDS.has(status)));
		this.open = this.open.filter((_, index) => looked[index] && !ends[index]);
		return looked.flatMap((message, index) => (message && ends[index] ? [line(ends[index].status, message, ends[index].code)] : []));
	}

	/** Undefined if the sandbox was cleared. */
	private async find(id: string): Promise<Seen | undefined> {
		const { messages } = await this.sandbox.control<Page>('GET', `messages?id=${encodeURIComponent(id)}`);
		return messages[0];
	}
}

function line(what: string, { phone, template, language }: Seen, code?: number): string {
	const kind = template === null ? 'text' : `${template}|${language}`;
	return `${what.padEnd(WIDTH)} ${phone}, ${kind}${code === undefined ? '' : `, ${code}`}`;
}
