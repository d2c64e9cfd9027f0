import { setTimeout as sleep } from 'node:timers/promises';
import { shareOfLimit } from '../harness/channel-use.mts';
import { waitingCustomers } from './customers.mts';
import { postEvent } from '../harness/event.mts';
import { FanOutWatch, progressLine } from './fan-out-counts.mts';
import type { Environment } from '../harness/environment.mts';
import type { Sandbox } from '../harness/sandbox-program.mts';
import { ChangingLine } from './terminal-line.mts';

/**
 * Messages per second: a quarter of what a WhatsApp number may usually send, so that a laptop that runs n8n, the sandbox and a browser reaches it.
 * The phone page turns it up and down, also while this runs.
 */
const LIMIT = 20;
/** Milliseconds until the sandbox answers: a channel that is somewhere else. */
const LATENCY = 100;
/** Status hooks that wait for the one under way go out together: one execution of n8n's for many statuses, or it would be busy with those alone. */
const BUNDLED = { hookBatch: 100, hookConcurrency: 1 };
const LOOK_EVERY_MS = 250;
const LOOK_INTO_LOG_EVERY_MS = 2000;
/** Milliseconds without any news after which the rest is not waited for. */
const PATIENCE_MS = 60_000;
/** Milliseconds that the workflow may take for each customer until it answers. */
const ANSWER_MS = 500;
const ROWS_AT_ONCE = 500;
/** What a row of the log may say of a message. */
const STATUSES = ['sent', 'delivered', 'read', 'failed'] as const;
const OUTCOMES = ['accepted', 'queued', 'unknown', 'skipped', 'refused'] as const;

type LoggedStatuses = Record<(typeof STATUSES)[number], number>;

/**
 * Lets one event find so many waiting customers, shows the fan-out as it goes, and tells how it ended.
 * True when each of them got exactly one message and the log knows what became of every one. A person who makes messages fail meanwhile gets false.
 */
export async function tellFanOut(environment: Environment, sandbox: Sandbox, count: number, say: (line: string) => void): Promise<boolean> {
	const sku = `MANY-${Date.now()}`;
	const customers = waitingCustomers(sku, count);
	for (let place = 0; place < count; place += ROWS_AT_ONCE) await environment.orders.add(customers.slice(place, place + ROWS_AT_ONCE));
	await sandbox.control('POST', 'settings', { messagesPerSecond: LIMIT, latencyMs: LATENCY, ...BUNDLED });
	const watch = await FanOutWatch.start(sandbox);
	say(`Stock arrived for ${count} waiting customers: one event, and a channel that takes ${LIMIT} messages per second.`);

	const answer = postEvent(environment.eventUrl, { sku, productName: 'Oak shelf', nextStep: 'We ship it tomorrow' }, PATIENCE_MS + count * ANSWER_MS);
	const logged = await follow({ environment, sku, count, watch, answer, say });
	const { status, body, text } = await answer;
	if (status !== 200) throw new Error(`The event was not handled. The workflow answered ${status}: ${text.slice(0, 600)}`);

	const { perRecipient } = await sandbox.control<{ perRecipient: Record<string, number> }>('GET', 'counts?full=1');
	const got = (messages: (found: number) => boolean) => customers.filter(({ phone }) => messages(perRecipient[phone] ?? 0)).length;
	const once = got((found) => found === 1);
	say(`Of ${count} customers ${once} got exactly one message, ${got((found) => found === 0)} none, ${got((found) => found > 1)} more than one: the sandbox's own count.`);
	say(await pace(watch));
	say(`The warehouse was told: ${inWords(body, ['waiting', ...OUTCOMES])}.`);
	say(`The log says: ${inWords(logged, STATUSES)}.`);
	return once === count && settledOf(logged) === count;
}

interface FollowOptions {
	environment: Environment;
	sku: string;
	count: number;
	watch: FanOutWatch;
	answer: Promise<unknown>;
	say: (line: string) => void;
}

/** Shows how far the fan-out is until the log knows what became of everybody, or nothing new happens any more; returns what the log says. */
async function follow({ environment, sku, count, watch, answer, say }: FollowOptions): Promise<LoggedStatuses> {
	const line = new ChangingLine(say);
	let logged: LoggedStatuses = { sent: 0, delivered: 0, read: 0, failed: 0 };
	let [lookedAt, newsAt, last] = [0, 0, ''];
	let answered = false;
	const noteAnswer = () => (answered = true);
	answer.then(noteAnswer, noteAnswer);
	try {
		for (;;) {
			const counts = await watch.look();
			if (Date.now() - lookedAt >= LOOK_INTO_LOG_EVERY_MS) {
				// While it is busy, n8n may say that its database is not ready.
				logged = await statusesOf(environment, sku).catch(() => logged);
				lookedAt = Date.now();
			}
			const news = JSON.stringify([counts.accepted, counts.delivered, counts.failed, logged, answered]);
			if (news !== last) [newsAt, last] = [Date.now(), news];
			const settled = settledOf(logged);
			line.show(progressLine(count, settled, counts));
			const isOver = settled >= counts.accepted || Date.now() - newsAt > PATIENCE_MS;
			if (answered && isOver) return logged;
			await environment.n8n.program.mustRun();
			await sleep(LOOK_EVERY_MS);
		}
	} finally {
		line.end();
	}
}

/** How many rows of this arrival's have each status. */
async function statusesOf({ table }: Environment, sku: string): Promise<LoggedStatuses> {
	const found = await Promise.all(STATUSES.map(async (status) => [status, await table.count({ sku, status })] as const));
	return Object.fromEntries(found) as LoggedStatuses;
}

/** Rows of which nothing more is expected but a read. */
function settledOf({ delivered, read, failed }: LoggedStatuses): number {
	return delivered + read + failed;
}

/** How fast the channel was used, in words; with the limit that is set at the end. */
async function pace(watch: FanOutWatch): Promise<string> {
	const { accepted, limit, refusedForRate } = await watch.look();
	const seconds = await watch.acceptingFor(accepted);
	const share = shareOfLimit(accepted, limit, seconds);
	const used = share === undefined ? 'the limit was not felt' : `${(share * 100).toFixed(1)} % of what the limit of ${limit} per second allows`;
	const refused = refusedForRate === 0 ? 'no request was refused for the rate' : `${refusedForRate} requests were refused for the rate (429) and tried again`;
	return `${accepted} accepted in ${seconds.toFixed(1)} s: ${used}; ${refused}.`;
}

function inWords<Name extends string>(numbers: Record<Name, number>, names: readonly Name[]): string {
	return names.map((name) => `${numbers[name]} ${name}`).join(', ');
}
