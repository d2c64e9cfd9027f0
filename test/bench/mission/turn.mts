import { setTimeout as sleep } from 'node:timers/promises';
import { waitingCustomers } from '../../../demo/customers.mts';
import { postEvent, type Order } from '../../../harness/event.mts';
import { cpuSecondsOf } from '../../../harness/process/cpu.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { checkLog, type ChannelMessage, type LogCheck } from './check.mts';
import type { MissionN8n } from './n8n.mts';
import type { MissionSize } from './sizes.mts';

/** Answers of the channel in milliseconds, and when each status is reported: phones are not equally fast, so reports come in another order than the messages went. */
const CHANNEL = { latencyMs: 100, sentAfterMs: 300, deliveredAfterMs: 1200, readAfterMs: 2500, statusJitterMs: 2000 };
const LATE = { readAfterMs: 60_000 };
/** Statuses share a POST under load. 1MSG publishes no number; 20 is a cautious guess. */
const HOOKS = { hookBatch: 20 };
/** Customers of the event before: an n8n that has been running for a while. */
const WARM_UP = 40;
const LOOK_EVERY_MS = 100;
const ASK_CHANNEL_EVERY_MS = 1000;
/** Without news for this long, what is missing counts as missing: late statuses and questions come a minute or two later. */
const PATIENCE_MS = 150_000;
const PATIENCE_PER_CUSTOMER_MS = 120;

/** Seconds after which a turn is stopped, however slowly it goes on. */
export function stoppedAfter(customers: number): number {
	return Math.max(PATIENCE_MS, PATIENCE_PER_CUSTOMER_MS * customers) / 1000;
}

/** One event, from its POST until the log is complete. Times in seconds since the POST. */
export interface MissionTurn extends LogCheck {
	customers: number;
	limit: number;
	/** When the channel took the last message, and the number it took. */
	accepted: number;
	lastAcceptedAfter: number;
	/** When the channel posted its last status. */
	lastStatusAfter: number;
	/** When the last row of the log changed. */
	lastRowAfter: number;
	/** CPU seconds of n8n, main process and task runner, until every execution had ended. */
	cpuSeconds: number;
	/** Answers to the channel's POSTs, in milliseconds. */
	p50Ms: number;
	p99Ms: number;
	slowestMs: number;
	/** The breaker's state at the end, and the statuses that it kept back. */
	circuitState: string;
	skipped: number;
	/** Whether the turn was stopped though it still went on. */
	isCutOff: boolean;
}

/** Prepares the channel for a size; before n8n's workflows register with it. */
export async function prepareChannel(sandbox: Sandbox, { limit, variant }: MissionSize): Promise<void> {
	await sandbox.control('POST', 'clear', { all: true });
	await sandbox.control('POST', 'settings', { messagesPerSecond: limit, ...CHANNEL, ...HOOKS, autoRead: variant !== 'two ways back', ...(variant === 'read a minute later' && LATE) });
}

/** Fires an event for a few customers, then, measured, one for all. */
export async function takeMissionTurn(n8n: MissionN8n, sandbox: Sandbox, size: MissionSize): Promise<MissionTurn> {
	const { customers, limit, variant } = size;
	const last = variant === 'two ways back' ? 'delivered' : 'read';
	// Questions about the event before, and its readers, would take a minute or two.
	await runEvent(n8n, sandbox, waitingCustomers('WARM-UP', customers + WARM_UP).slice(customers), variant ? undefined : last);
	await sandbox.control('POST', 'clear');
	return { customers, limit, ...(await runEvent(n8n, sandbox, waitingCustomers('OAK-SHELF', customers), last)) };
}

/** `until`: the status that every row has in the end; undefined: any row will do. */
async function runEvent(n8n: MissionN8n, sandbox: Sandbox, customers: Order[], until: string | undefined): Promise<Omit<MissionTurn, 'customers' | 'limit'>> {
	await n8n.orders.add(customers);
	const before = n8n.lastRowId();
	const used = async () => (await cpuSecondsOf([n8n.server.program]))[0]!;
	const cpuBefore = await used();
	const started = Date.now();
	const { status, text } = await postEvent(n8n.eventUrl, { sku: customers[0]!.sku, productName: 'Oak shelf', nextStep: 'We ship it tomorrow' });
	if (status >= 300) throw new Error(`The event was answered ${status}: ${text.slice(0, 600)}`);
	const { lastRowAt, isCutOff } = await untilLogged(n8n, sandbox, { count: customers.length, before, started, until });
	const cpuSeconds = (await used()) - cpuBefore;
	const { messages } = await sandbox.control<{ messages: Array<ChannelMessage & { acceptedAt: string }> }>('GET', `messages?limit=${2 * customers.length}`);
	const { circuitState, skipped, answers: { p50Ms, p99Ms, slowestMs, lastPostedAt } } = await sandbox.localWebhook(started);
	const after = (at: number) => (at - started) / 1000;
	return {
		...checkLog(customers.map(({ phone }) => phone), messages, n8n.rowsAfter(before)),
		accepted: messages.length,
		lastAcceptedAfter: after(Math.max(started, ...messages.map(({ acceptedAt }) => Date.parse(acceptedAt)))),
		lastStatusAfter: after(lastPostedAt === null ? started : Date.parse(lastPostedAt)),
		lastRowAfter: after(lastRowAt),
		cpuSeconds,
		p50Ms,
		p99Ms,
		slowestMs,
		circuitState,
		skipped,
		isCutOff,
	};
}

/** Waits until every row is as wanted and every execution has ended, or nothing changes any more; returns when the log last changed, and whether it would have gone on. */
async function untilLogged(
	n8n: MissionN8n, sandbox: Sandbox, { count, before, started, until }: { count: number; before: number; started: number; until: string | undefined },
): Promise<{ lastRowAt: number; isCutOff: boolean }> {
	let [log, channel] = ['', ''];
	let [changedAt, newsAt, askedAt] = [started, started, 0];
	for (;;) {
		const statuses = n8n.countByStatus(before);
		const now = Date.now();
		if (JSON.stringify(statuses) !== log) [log, changedAt, newsAt] = [JSON.stringify(statuses), now, now];
		const isIdle = n8n.openExecutions() === 0;
		const done = until === undefined ? Object.values(statuses).reduce((sum, found) => sum + found, 0) : (statuses[until] ?? 0);
		const isOver = (done >= count && isIdle) || now - newsAt > PATIENCE_MS;
		if (isOver || now - started > 1000 * stoppedAfter(count)) return { lastRowAt: changedAt, isCutOff: !isOver };
		if (now - askedAt >= ASK_CHANNEL_EVERY_MS) {
			askedAt = now;
			const { messages } = await sandbox.control<{ messages: number }>('GET', 'counts');
			const { posts } = (await sandbox.localWebhook(started)).answers;
			if (`${messages} ${posts}` !== channel) [channel, newsAt] = [`${messages} ${posts}`, now];
			await n8n.server.program.mustRun();
		}
		await sleep(LOOK_EVERY_MS);
	}
}
