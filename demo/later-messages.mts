import type { Sandbox } from '../harness/sandbox-program.mts';

/** Messages whose end is waited for, and lines at once, at most: the phone page shows all. */
const MOST = 20;
/** Statuses after which a line is said and the message no longer looked at. */
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

/** Tells, a line each, what a sandbox takes from now on and how it ends. */
export class LaterMessages {
	private readonly sandbox: Pick<Sandbox, 'control'>;
	/** How many messages were seen. */
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

	/** What is new since the last look. */
	async look(): Promise<string[]> {
		const { total, messages } = await this.sandbox.control<Page>('GET', `messages?offset=${this.seen}&limit=${MOST}`);
		const more = total - this.seen - messages.length;
		// Fewer than before: somebody has cleared the sandbox.
		this.seen = total;
		this.open.push(...messages.map(({ id }) => id).slice(0, MOST - this.open.length));
		const taken = messages.map((message) => line('accepted', message));
		return [...taken, ...(more > 0 ? [`and ${more} more; the phone page shows them all`] : []), ...(await this.ended())];
	}

	private async ended(): Promise<string[]> {
		const looked = await Promise.all(this.open.map(async (id) => await this.find(id)));
		const ends = looked.map((message) => message?.statuses.find(({ status }) => ENDS.has(status)));
		this.open = this.open.filter((_, place) => looked[place] && !ends[place]);
		return looked.flatMap((message, place) => (message && ends[place] ? [line(ends[place].status, message, ends[place].code)] : []));
	}

	/** Undefined once the sandbox has forgotten it. */
	private async find(id: string): Promise<Seen | undefined> {
		const { messages } = await this.sandbox.control<Page>('GET', `messages?id=${encodeURIComponent(id)}`);
		return messages[0];
	}
}

function line(what: string, { phone, template, language }: Seen, code?: number): string {
	const kind = template === null ? 'text' : `${template}|${language}`;
	return `${what.padEnd(10)} ${phone}, ${kind}${code === undefined ? '' : `, ${code}`}`;
}
