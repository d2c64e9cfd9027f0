import type { Sandbox } from '../harness/sandbox-program.mts';

/** Maximum number of messages tracked, and of lines per update: the phone page shows all. */
const MAX_LINES = 20;
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

/** Reports what a sandbox accepts from now on, and each outcome. */
export class LaterMessages {
	private readonly sandbox: Pick<Sandbox, 'control'>;
	/** Number of messages seen. */
	private seen: number;
	private open: string[] = [];

	private constructor(sandbox: Pick<Sandbox, 'control'>, seen: number) {
		this.sandbox = sandbox;
		this.seen = seen;
	}

	static async start(sandbox: Pick<Sandbox, 'control'>): Promise<LaterMessages> {
		const { total } = await sandbox.control<Page>('GET', 'messages?limit=1');
		return new LaterMessages(sandbox, total);
	}

	/** Lines since the last call. */
	async look(): Promise<string[]> {
		const { total, messages } = await this.sandbox.control<Page>('GET', `messages?offset=${this.seen}&limit=${MAX_LINES}`);
		const more = total - this.seen - messages.length;
		// A smaller total means the sandbox was cleared.
		this.seen = total;
		this.open.push(...messages.map(({ id }) => id).slice(0, MAX_LINES - this.open.length));
		const taken = messages.map((message) => line('accepted', message));
		return [...taken, ...(more > 0 ? [`and ${more} more on the phone page`] : []), ...(await this.ended())];
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
	return `${what.padEnd(10)} ${phone}, ${kind}${code === undefined ? '' : `, ${code}`}`;
}
