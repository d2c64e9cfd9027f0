import { setTimeout as sleep } from 'node:timers/promises';
import { post, postEvent, type ArrivalAnswer, type StockArrivalEvent } from '../harness/event.mts';
import type { Environment } from '../harness/environment.mts';
import type { LogRow } from '../harness/n8n/table.mts';

const DELIVERED_RANK = 3;
const SANDBOX = { timeoutMs: 60_000, pauseMs: 200 };
/** A real phone may be in a pocket, and 1MSG is polled no more often than this. */
const REAL = { timeoutMs: 180_000, pauseMs: 3_000 };

/** Columns that are printed of a row. */
const SHOWN = ['orderReference', 'customerName', 'phone', 'template', 'outcome', 'status', 'statusAt', 'messageId'] as const;

/** Needed to follow a message. */
export type Followed = Pick<Environment, 'n8n' | 'sandbox' | 'table' | 'pollUrl'>;

/**
 * Posts an event for one order to the warehouse webhook and reports its progress.
 * Returns the log row once it is delivered; throws with the reason if it won't be.
 */
export async function runStory(environment: Environment, event: StockArrivalEvent, say: (line: string) => void): Promise<LogRow> {
	say(`Stock arrived for order ${event.orderReferences?.join(', ') ?? '(all)'}: POST ${environment.eventUrl}`);
	const { status, body, text } = await postEvent<ArrivalAnswer>(environment.eventUrl, event);
	if (status !== 202) throw new Error(`The event was not accepted. The workflow answered ${status}: ${text.slice(0, 600)}`);
	const { outcome, messageId, errorMessage } = await firstRowOf(environment, body.arrival);
	if (outcome !== 'accepted' || !messageId) throw new Error(`The message was not accepted: ${outcome}, ${errorMessage}`);
	say(`accepted   ${messageId}`);
	const row = await untilDelivered(environment, messageId, say);
	say('Its row in the Data Table stock_arrival_log, in short:');
	for (const column of SHOWN) if (row[column] !== null && row[column] !== '') say(`  ${column.padEnd(15)} ${row[column]}`);
	return row;
}

/** The first row that an arrival has in the log. */
async function firstRowOf({ n8n, sandbox, table }: Followed, arrival: string): Promise<LogRow> {
	const { timeoutMs, pauseMs } = sandbox ? SANDBOX : REAL;
	const end = Date.now() + timeoutMs;
	for (;;) {
		const [row] = await table.rowsWhere('arrival', arrival);
		if (row) return row;
		if (Date.now() >= end) throw new Error(`After ${timeoutMs / 1000} s the log has no row of arrival ${arrival}.`);
		await n8n.program.mustRun();
		await sleep(pauseMs);
	}
}

/** Follows a message until its log row is delivered (or read). */
export async function untilDelivered(environment: Followed, messageId: string, say: (line: string) => void): Promise<LogRow> {
	const { timeoutMs, pauseMs } = environment.sandbox ? SANDBOX : REAL;
	const end = Date.now() + timeoutMs;
	const told = new Set<string>();
	let row: LogRow | undefined;
	for (;;) {
		for (const { status, at } of await reported(environment, messageId)) {
			if (!told.has(status)) say(`${status.padEnd(10)} ${at}`);
			told.add(status);
		}
		row = (await environment.table.rowsWhere('messageId', messageId))[0];
		if (row?.status === 'failed') throw new Error(`WhatsApp did not deliver it: ${row.errorCode} ${row.errorMessage}`);
		if ((row?.rank ?? 0) >= DELIVERED_RANK && row) return row;
		if (Date.now() >= end) break;
		await environment.n8n.program.mustRun();
		await sleep(pauseMs);
	}
	const state = row ? `its row says ${row.status ?? 'nothing'}` : 'it has no row';
	throw new Error(
		`Gave up after ${timeoutMs / 1000} s of waiting for a delivered row of ${messageId}: ${state}, ` +
			`and the channel reported ${[...told].join(', ') || 'nothing'}.`,
	);
}

/** Statuses reported so far. On a real channel, polling also updates the log. */
async function reported(environment: Followed, messageId: string): Promise<Array<{ status: string; at: string }>> {
	if (environment.sandbox) {
		const { messages } = await environment.sandbox.control<{ messages: Array<{ statuses: Array<{ status: string; at: string }> }> }>(
			'GET',
			`messages?id=${encodeURIComponent(messageId)}`,
		);
		return messages[0]?.statuses ?? [];
	}
	if (environment.pollUrl === undefined) return [];
	const { status, body, text } = await post<Record<string, string | null>>(environment.pollUrl, { messageId });
	if (status !== 200) throw new Error(`Asking for the status failed: ${text.slice(0, 600)}`);
	return ['sent', 'delivered', 'read', 'failed'].flatMap((name) => {
		const at = body[`${name}At`];
		return at ? [{ status: name, at }] : [];
	});
}
