import { DatabaseSync } from 'node:sqlite';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { messageIdsIn } from './bodies.mts';

const TIMEOUT_MS = 120_000;
const PAUSE_MS = 20;

/** A finished execution. */
export interface Execution {
	/** Wall clock, in milliseconds. */
	stoppedAt: number;
	/** The messages in its saved data. */
	messageIds: Set<string>;
}

/** The saved executions of an n8n on SQLite, read from its database while it runs. */
export class Executions {
	private readonly database: DatabaseSync;

	constructor(file: string) {
		this.database = new DatabaseSync(file, { readOnly: true });
	}

	/** Number of the latest execution; 0 if there was none. */
	latest(): number {
		return Number(this.database.prepare('SELECT max(id) AS found FROM execution_entity').get()?.found ?? 0);
	}

	/**
	 * The executions after number `after`, once all have ended well and these messages are in their data. Throws if one failed,
	 * if a message is in two of them, or if one is in none in the end.
	 */
	async ofMessages(messageIds: readonly string[], after: number): Promise<Execution[]> {
		const read = new Map<number, Execution>();
		const found = new Set<string>();
		await waitFor({
			what: `the executions of ${messageIds.length} messages`,
			timeoutMs: TIMEOUT_MS,
			pauseMs: PAUSE_MS,
			look: async () => {
				const rows = this.database.prepare('SELECT id, status, stoppedAt FROM execution_entity WHERE id > ?').all(after);
				const ended = rows.filter(({ status }) => status !== 'new' && status !== 'running');
				for (const row of ended) {
					const id = Number(row.id);
					if (read.has(id)) continue;
					if (row.status !== 'success') throw new Error(`Execution ${id} ended with ${String(row.status)}.`);
					const execution = { stoppedAt: timeOf(row.stoppedAt), messageIds: this.messagesOf(id) };
					for (const one of execution.messageIds) {
						if (found.has(one)) throw new Error(`${one} was executed twice.`);
						found.add(one);
					}
					read.set(id, execution);
				}
				return ended.length === rows.length && messageIds.every((one) => found.has(one)) ? true : undefined;
			},
		});
		return [...read.values()];
	}

	close(): void {
		this.database.close();
	}

	private messagesOf(id: number): Set<string> {
		return messageIdsIn(String(this.database.prepare('SELECT data FROM execution_data WHERE executionId = ?').get(id)?.data));
	}
}

/** SQLite keeps UTC without saying so. */
function timeOf(text: unknown): number {
	return Date.parse(`${String(text).replace(' ', 'T')}Z`);
}
