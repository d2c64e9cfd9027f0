import { setTimeout as sleep } from 'node:timers/promises';
import { shareOfLimit } from '../harness/channel-use.mts';
import { waitingCustomers } from './customers.mts';
import { countsOf, postEvent, type ArrivalAnswer } from '../harness/event.mts';
import { FanOutWatch, progressLine } from './fan-out-counts.mts';
import type { Environment } from '../harness/environment.mts';
import type { Sandbox } from '../harness/sandbox-program.mts';
import { ChangingLine } from './terminal-line.mts';

/**
 * Messages per second: a quarter of a WhatsApp number's usual rate, so that a laptop running n8n, the sandbox and a browser can reach it.
 * Adjustable on the phone page at any time.
 */
const LIMIT = 20;
/** Response latency in milliseconds, to simulate a remote channel. */
const LATENCY = 100;
/** Batches status hooks, one POST in flight: one n8n execution covers many statuses, which leaves n8n time for other work. */
const BUNDLED = { hookBatch: 100, hookConcurrency: 1 };
const LOOK_EVERY_MS = 250;
const LOOK_INTO_LOG_EVERY_MS = 2000;
/** Milliseconds without progress before giving up on the rest. */
const PATIENCE_MS = 60_000;
/** Statuses a log row may have. */
const STATUSES = ['sent', 'delivered', 'read', 'failed'] as const;
const OUTCOMES = ['accepted', 'queued', 'unknown', 'skipped', 'refused'] as const;

interface LoggedStatuses {
	/** Rows by status. */
	rows: Record<(typeof STATUSES)[number], number>;
	/** Messages whose final status is kept for its row. */
	kept: number;
}

/**
 * Fires one event for `count` waiting customers, shows live progress and prints a summary.
 * True if each got exactly one message and the log has a final status for all. False if someone made messages fail on the phone page.
 */
export async function runFanOut(environment: Environment, sandbox: Sandbox, count: number, say: (line: string) => void): Promise<boolean> {
	const sku = `MANY-${Date.now()}`;
	const customers = waitingCustomers(sku, count);
	await environment.orders.add(customers);
	await sandbox.control('POST', 'settings', { messagesPerSecond: LIMIT, latencyMs: LATENCY, ...BUNDLED });
	const watch = await FanOutWatch.start(sandbox);
	say(`Stock arrived for ${count} waiting customers: one event, on a channel with a limit of ${LIMIT} messages per second.`);

	const { status, body, text } = await postEvent<ArrivalAnswer>(environment.eventUrl, { sku, productName: 'Oak shelf', nextStep: 'We ship it tomorrow' });
	if (status !== 202) throw new Error(`The event was not accepted. The workflow answered ${status}: ${text.slice(0, 600)}`);
	const logged = await follow({ environment, sku, count, watch, say });

	const { perRecipient } = await sandbox.control<{ perRecipient: Record<string, number> }>('GET', 'counts?full=1');
	const got = (messages: (found: number) => boolean) => customers.filter(({ phone }) => messages(perRecipient[phone] ?? 0)).length;
	const once = got((found) => found === 1);
	say(`Of ${count} customers ${once} got exactly one message, ${got((found) => found === 0)} none, ${got((found) => found > 1)} more than one: the sandbox's own count.`);
	say(await pace(watch));
	say(`Counts for the warehouse: ${inWords(await countsOf(environment.countsUrl, body.arrival), ['orders', ...OUTCOMES])}.`);
	say(`Statuses in the log: ${inWords(logged.rows, STATUSES)}.`);
	if (logged.kept > 0) say(`${logged.kept} more came before their rows: they wait in stock_arrival_statuses, and reach them within minutes.`);
	return once === count && settledOf(logged) === count;
}

interface FollowOptions {
	environment: Environment;
	sku: string;
	count: number;
	watch: FanOutWatch;
	say: (line: string) => void;
}

/** Shows progress until the log has every final status or nothing changes any more; returns the logged counts. */
async function follow({ environment, sku, count, watch, say }: FollowOptions): Promise<LoggedStatuses> {
	const line = new ChangingLine(say);
	let logged: LoggedStatuses = { rows: { sent: 0, delivered: 0, read: 0, failed: 0 }, kept: 0 };
	let [lookedAt, newsAt, last] = [0, 0, ''];
	try {
		for (;;) {
			const counts = await watch.look();
			if (Date.now() - lookedAt >= LOOK_INTO_LOG_EVERY_MS) {
				// Under load, n8n may report that its database is not ready.
				logged = await statusesOf(environment, sku, counts.delivered + counts.failed >= count).catch(() => logged);
				lookedAt = Date.now();
			}
			const news = JSON.stringify([counts.accepted, counts.delivered, counts.failed, logged]);
			if (news !== last) [newsAt, last] = [Date.now(), news];
			const settled = settledOf(logged);
			line.show(progressLine(count, settled, counts));
			if (settled >= count || Date.now() - newsAt > PATIENCE_MS) return logged;
			await environment.n8n.program.mustRun();
			await sleep(LOOK_EVERY_MS);
		}
	} finally {
		line.end();
	}
}

/** What the log says of this arrival. Kept statuses cost n8n much to read, so they are read at the end only. */
async function statusesOf({ table, statuses }: Environment, sku: string, withKept: boolean): Promise<LoggedStatuses> {
	const rows = Object.fromEntries(await Promise.all(STATUSES.map(async (status) => [status, await table.count({ sku, status })] as const))) as LoggedStatuses['rows'];
	if (!withKept) return { rows, kept: 0 };
	const kept = new Set((await statuses.rows()).map(({ messageId }) => messageId));
	const behind = (await table.rowsWhere('sku', sku)).filter(({ status, messageId }) => (status === null || status === 'sent') && kept.has(messageId));
	return { rows, kept: behind.length };
}

/** Messages whose status is final, apart from a later read. */
function settledOf({ rows: { delivered, read, failed }, kept }: LoggedStatuses): number {
	return delivered + read + failed + kept;
}

/** Summary of channel throughput, with the limit set at the end. */
async function pace(watch: FanOutWatch): Promise<string> {
	const { accepted, limit, refusedForRate } = await watch.look();
	const seconds = await watch.acceptingFor(accepted);
	const share = shareOfLimit(accepted, limit, seconds);
	const used = share === undefined ? 'limit not reached' : `${(share * 100).toFixed(1)} % of the limit of ${limit} per second`;
	const refused = refusedForRate === 0 ? 'no requests throttled' : `${refusedForRate} requests throttled (429) and retried`;
	return `${accepted} accepted in ${seconds.toFixed(1)} s: ${used}; ${refused}.`;
}

function inWords<Name extends string>(numbers: Record<Name, number>, names: readonly Name[]): string {
	return names.map((name) => `${numbers[name]} ${name}`).join(', ');
}
