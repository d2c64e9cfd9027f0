import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { installPackage } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import { ROOT } from '../../../harness/paths.mts';
import { freePort } from '../../../harness/process/ports.mts';
import { Sandbox, type SandboxMessage } from '../../../harness/sandbox-program.mts';
import { cpuSecondsOf } from '../../../harness/process/cpu.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { checkCompose } from '../queue/compose.mts';
import { signal, startProcess, type N8nProcess, type Role } from '../queue/n8n-process.mts';
import { eventFor, fire, setUpOutbox, type Outbox, type OutboxEvent } from '../queue/outbox.mts';
import { startPostgres } from '../queue/postgres.mts';
import { findInPostgres, findsWhatIsPlantedIn, webhookSecretsIn } from '../queue/postgres-secrets.mts';
import { startRedis } from '../queue/redis.mts';
import { sharesOf } from '../queue/share.mts';
import { redirected } from '../n8n/redirected.mts';
import { leaks } from '../secrets/secrets.mts';
import type { Steps } from '../steps.mts';

const EVENTS = 10;
const SIDES = 3;
/** WhatsApp's usual limit and that of a large sender, in messages per second, each with 40 seconds' worth of customers. */
const PACES = [
	{ limit: 80, customers: 320, start: 0 },
	{ limit: 250, customers: 1000, start: 100_000 },
];
/** Largest batch of *Claim a batch*. */
const MAX_BATCH = 2000;
/** Customers of the event during which a worker is told to stop: more than one batch. */
const STOPPED = 2500;
/** More than this story sends. */
const ALL_MESSAGES = 50_000;
const TIMEOUT_MS = 240_000;
/** Like a real channel: latency, hook retries, batched hooks; but no hook is skipped while n8n is away. */
const CHANNEL = { latencyMs: 100, hookConcurrency: 4, hookBatch: 20, hookTimeoutMs: 10_000, breakerOpenAt: 0 };
const N8N_DATABASE = 'n8n';
const SHOP_DATABASE = 'shop';
const OLDER_DATABASE = 'older';
/** Tables from *Set up* before contact keys and batch sizes, with a row in each. */
const OLDER_TABLES = `
	CREATE TABLE stock_arrival_outbox (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id text NOT NULL, order_reference text NOT NULL, item_id text NOT NULL, phone text NOT NULL,
		phone_digits text GENERATED ALWAYS AS (regexp_replace(phone, '[^0-9]', '', 'g')) STORED,
		customer_name text NOT NULL, product_name text NOT NULL, next_step text NOT NULL, state text NOT NULL DEFAULT 'waiting', tries integer NOT NULL DEFAULT 0,
		next_try_at timestamptz NOT NULL DEFAULT now(), claimed_by text, claimed_at timestamptz, settled_at timestamptz, message_id text, job_id text, reason text,
		error_code text, action text, checked_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
		CONSTRAINT stock_arrival_outbox_once UNIQUE (event_id, order_reference, item_id, phone_digits)
	);
	CREATE TABLE stock_arrival_status (
		message_id text PRIMARY KEY, phone text, status text NOT NULL, rank integer NOT NULL, status_at timestamptz NOT NULL,
		failure_code text, failure_reason text, failure_action text, heard_at timestamptz NOT NULL DEFAULT now()
	);
	CREATE TABLE stock_arrival_turn (name text PRIMARY KEY, holder text NOT NULL, since timestamptz NOT NULL, until timestamptz NOT NULL);
	INSERT INTO stock_arrival_turn VALUES ('sweep', '17', now(), now());
	INSERT INTO stock_arrival_outbox (event_id, order_reference, item_id, phone, customer_name, product_name, next_step) VALUES ('e', '1', 'i', '+55 11 8777-6666', 'Ana', 'Mug', 'x');
	INSERT INTO stock_arrival_status (message_id, phone, status, rank, status_at) VALUES ('wamid.1', '5215512349876', 'sent', 1, now());`;

/** An outbox row and its logged status. */
interface Row {
	phone: string;
	state: string;
	claimed_by: string | null;
	message_id: string | null;
	rank: number | null;
}

export interface QueueOptions {
	/** The story's own: user folders and logs. */
	folder: string;
	n8n: InstalledN8n;
	packed: PackedPackage;
	say: (line: string) => void;
	/** Resolves once the machine is otherwise idle: the send rate is measured then. */
	quiet: Promise<unknown>;
	/** Called once all is sent: no more measurements, and long waits free the machine. */
	allIsSent: () => void;
}

/** Queue mode: a main, two workers and a webhook process share an outbox; killing a worker neither duplicates nor loses a message. */
export async function queueStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, n8n, packed, say, quiet, allIsSent }: QueueOptions): Promise<void> {
	const stops: Array<() => Promise<void>> = [];
	try {
		await step('the compose file of the docs names what is run here, in variables that n8n knows', () => checkCompose(n8n));
		const redis = await mustStep('Redis starts, on loopback, in a folder of its own', async () => {
			const started = await startRedis(join(folder, 'redis'), say);
			stops.unshift(() => started.program.stop());
			return started;
		});
		const postgres = await mustStep('PostgreSQL 17 starts, on loopback, in a folder of its own', async () => {
			const started = await startPostgres([N8N_DATABASE, SHOP_DATABASE, OLDER_DATABASE], n8n, join(folder, 'postgres.log'), say);
			stops.unshift(started.stop);
			return started;
		});
		const { start, main, workers, webhook } = await mustStep('n8n starts in queue mode with the package in each: a main, two workers, a webhook process', async () => {
			const webhookPort = await freePort(0);
			const shared = { n8n, redisPort: redis.port, postgresPort: postgres.port, database: N8N_DATABASE, webhookPort, encryptionKey: 'queue-story' };
			const start = async (role: Role, name: string, port?: number) => {
				const userFolder = join(folder, name);
				await installPackage(userFolder, packed);
				const started = await startProcess(shared, { role, name, userFolder, log: join(folder, `${name}.log`), port: port ?? (await freePort(0)) });
				stops.unshift(() => started.program.stop());
				return started;
			};
			// The first one creates n8n's tables.
			const first = await start('main', 'main');
			const [one, two, hooks] = await Promise.all([start('worker', 'worker-1'), start('worker', 'worker-2'), start('webhook', 'webhook', webhookPort)]);
			return { start, main: first, workers: [one, two], webhook: hooks };
		});
		const api = new N8nApi(main.url);
		const { sandbox, outbox } = await mustStep('the three workflows of the outbox are imported, their tables made, and put in service', async () => {
			await api.signIn(OWNER);
			const channel = await Sandbox.start({ port: 0, log: join(folder, 'sandbox.log') });
			stops.unshift(() => channel.program.stop());
			await channel.control('POST', 'settings', { ...CHANNEL, messagesPerSecond: PACES[0]!.limit });
			const { channelId, token, baseUrl } = channel;
			return { sandbox: channel, outbox: await setUpOutbox(api, { channelId, apiToken: token, baseUrl }, { port: postgres.port, name: SHOP_DATABASE }) };
		});
		await step('Set up brings the tables of an older version up to date, and leaves what is in them', async () => {
			const { parameters } = outbox.event.file.nodes.find(({ name }) => name === 'Create the tables') ?? assert.fail('There is no such node.');
			await postgres.query(OLDER_DATABASE, OLDER_TABLES);
			await postgres.query(OLDER_DATABASE, String(parameters.query));
			await postgres.query(OLDER_DATABASE, String(parameters.query));
			assert.deepEqual(await postgres.query(OLDER_DATABASE, 'SELECT contact_key FROM stock_arrival_log'), [{ contact_key: '5511987776666' }]);
			assert.deepEqual(await postgres.query(OLDER_DATABASE, 'SELECT contact_key FROM stock_arrival_status'), [{ contact_key: '525512349876' }]);
			assert.deepEqual(await postgres.query(OLDER_DATABASE, 'SELECT holder, batch FROM stock_arrival_turn'), [{ holder: '17', batch: 0 }]);
		});

		const rowsOf = (event: string) =>
			postgres.query<Row>(
				SHOP_DATABASE,
				`SELECT o.phone, o.state, o.claimed_by, o.message_id, s.rank
				FROM stock_arrival_outbox o LEFT JOIN stock_arrival_status s USING (message_id)
				WHERE o.event_id LIKE $1 ORDER BY o.id`,
				[`${event}%`],
			);
		// A fresh claim: its batch is far from settled.
		const claimer = async () => {
			const [claim] = await postgres.query<{ claimed_by: string }>(
				SHOP_DATABASE,
				"SELECT claimed_by FROM stock_arrival_outbox WHERE state = 'claimed' AND claimed_at > now() - interval '2 seconds' LIMIT 1",
			);
			return claim?.claimed_by;
		};
		const counted = async (sql: string, values: string[]) => (await postgres.query<{ count: number }>(SHOP_DATABASE, `SELECT count(*)::integer AS count FROM stock_arrival_outbox o ${sql}`, values))[0]!.count;
		const openRows = (event: string, except = '') => counted("WHERE event_id LIKE $1 AND (state = 'waiting' OR state = 'claimed' AND claimed_by <> $2)", [`${event}%`, except]);
		const settled = (event: string, count: number) =>
			waitFor({
				what: `the ${count} rows of ${event} to be settled`,
				timeoutMs: TIMEOUT_MS,
				pauseMs: 500,
				look: async () => {
					if ((await openRows(event)) > 0) return undefined;
					const rows = await rowsOf(event);
					return rows.length === count ? rows : undefined;
				},
			});

		await step('the channel calls the webhook process', async () => {
			const ours = (await sandbox.webhookUrls()).filter((url) => url.includes('//127.0.0.1:'));
			assert.equal(ours.length, 1);
			assert.ok(ours[0]?.startsWith(`${webhook.url}/webhook/`), ours[0]);
		});

		await step('what an event lacks is answered with 400, and nothing is written', async () => {
			const [complete] = eventFor('lacking', 900_000, 1).customers;
			const { status, body } = await fire(webhook.url, { ...eventFor('lacking', 900_000, 0), itemId: ' ', customers: [complete, { ...complete, phone: '' }] });
			assert.equal(status, 400);
			assert.deepEqual(body.missing, ['itemId', 'customers[1].phone']);
			assert.deepEqual(await rowsOf('lacking'), []);
		});

		await step('every outcome settles its row: accepted, refused, queued, unknown, or waiting until a person has repaired the channel', async () => {
			const phones = ['+7 913 091-00-00', '12345', '12025550105', '+1 202 555-0115', '12025550118'];
			const event = eventFor('outcomes', 910_000, phones.length);
			phones.forEach((phone, index) => Object.assign(event.customers[index]!, { phone }));
			assert.deepEqual((await fire(main.url, event)).body, { received: 5, added: 5, known: 0 });
			const rows = await waitFor({
				what: 'the outcomes',
				timeoutMs: TIMEOUT_MS,
				look: async () => {
					const found = await postgres.query<Record<string, string | number | null>>(
						SHOP_DATABASE,
						`SELECT state, message_id IS NOT NULL AS identified, job_id LIKE '%|%' AS mixed, error_code, action, reason IS NOT NULL AS explained,
							next_try_at >= settled_at + interval '15 minutes' AS later FROM stock_arrival_outbox WHERE event_id = 'outcomes' AND settled_at IS NOT NULL ORDER BY id`,
					);
					return found.length === phones.length ? found.map((row) => Object.values(row)) : undefined;
				},
			});
			assert.deepEqual(rows, [
				['accepted', true, null, null, null, false, false],
				['refused', false, null, 'invalid-phone', 'fixData', true, false],
				['queued', false, false, null, null, false, false],
				['unknown', false, null, null, null, true, false],
				['waiting', false, null, 'channel-not-found', 'alertPerson', true, true],
			]);
		});

		await step("a customer under both forms of a Brazilian number is written down once, and found by a report under WhatsApp's own", async () => {
			const event = eventFor('forms', 920_000, 2);
			Object.assign(event.customers[0]!, { phone: '+55 11 98777-6666' });
			Object.assign(event.customers[1]!, { phone: '551187776666', orderReference: event.customers[0]!.orderReference });
			assert.deepEqual((await fire(main.url, event)).body, { received: 2, added: 1, known: 1 });
			await settled('forms', 1);
			const hook = { id: 'wamid.FORMS', type: 'message', status: 'delivered', timestamp: '1754400000', recipient_id: '551187776666' };
			await sandbox.control('POST', 'hooks', { body: { instanceId: sandbox.channelId, hooks: [hook] } });
			await waitFor({
				what: 'the report',
				timeoutMs: TIMEOUT_MS,
				look: async () => {
					const found = await postgres.query(SHOP_DATABASE, "SELECT FROM stock_arrival_outbox o JOIN stock_arrival_status s USING (contact_key) WHERE o.event_id = 'forms' AND s.message_id = 'wamid.FORMS'");
					return found.length === 1 || undefined;
				},
			});
		});

		await step('with a Test Recipient nobody is told, and the row is rehearsed; the same event without it tells the customer, in its words', async () => {
			const testRecipient = '79139990000';
			const event = eventFor('rehearsal', 930_000, 1);
			const { phone } = event.customers[0]!;
			await redirected(api, sandbox, testRecipient, async () => {
				await fire(main.url, event);
				assert.deepEqual((await settled('rehearsal', 1)).map(({ state, message_id: id }) => [state, id]), [['rehearsed', null]]);
			});
			assert.deepEqual([(await sandbox.messagesTo(testRecipient)).length, (await sandbox.messagesTo(phone)).length], [1, 0]);
			assert.deepEqual((await fire(main.url, { ...event, productName: 'Oak table' })).body, { received: 1, added: 1, known: 0 });
			assert.deepEqual((await settled('rehearsal', 1)).map(({ state }) => state), ['accepted']);
			assert.match((await sandbox.messagesTo(phone))[0]?.text ?? '', /Oak table/);
			assert.deepEqual((await fire(main.url, event)).body, { received: 1, added: 0, known: 1 });
		});

		await quiet;
		const kills: Kill[] = [];
		for (const { limit, customers, start: first } of PACES) {
			const name = `arrival-${limit}`;
			const count = EVENTS * customers;
			if (kills.length > 0) {
				await mustStep('two new workers take over: the former ones have learnt the other limit', async () => {
					await Promise.all(workers.map(({ program }) => program.stop()));
					workers.splice(0, 2, ...(await Promise.all([start('worker', 'worker-3'), start('worker', 'worker-4')])));
					await sandbox.control('POST', 'settings', { messagesPerSecond: limit });
				});
			}
			const sentBefore = (await countsOf(sandbox)).messages;
			const programs = [main, webhook, ...workers, postgres, redis, sandbox].map(({ program }) => program);
			const [usedBefore, startedAt] = [await cpuSecondsOf(programs), Date.now()];

			await step(`${EVENTS} events of ${customers} customers, each fired from ${SIDES} sides at once: every customer is written down once`, async () => {
				const sides = [main.url, webhook.url, webhook.url];
				for (const event of eventsOf(name, first, customers)) {
					const sameEvent = await Promise.all(sides.map((url) => fire(url, event)));
					assert.equal(sameEvent.reduce((sum, { body }) => sum + body.added, 0), customers);
					assert.ok(sameEvent.every(({ body }) => body.received === customers && body.added + body.known === customers));
				}
				assert.equal((await rowsOf(name)).length, count);
			});

			const killed = await mustStep(`at ${limit}/s the worker that is sending is killed outright`, async () => {
				await waitFor({
					what: 'two fifths of the messages',
					timeoutMs: TIMEOUT_MS,
					pauseMs: 100,
					look: async () => ((await countsOf(sandbox)).messages - sentBefore >= 0.4 * count ? true : undefined),
				});
				const found = await sender(workers, claimer);
				const used = await cpuSecondsOf(programs);
				await signal(found.worker, 'SIGKILL');
				const at = Date.now();
				const shares = programs.map(({ name }, index) => `${name} ${((used[index]! - usedBefore[index]!) / ((at - startedAt) / 1000)).toFixed(2)}`);
				return { ...found, at, cpu: shares.join(', ') };
			});
			kills.push(killed);

			await mustStep('the other worker goes on, until nobody waits', () =>
				waitFor({
					what: 'all to be sent',
					timeoutMs: TIMEOUT_MS,
					pauseMs: 500,
					// The killed worker's claim lasts two minutes.
					look: async () => ((await openRows(name, killed.execution)) === 0 ? true : undefined),
				}),
			);
			const phones = new Set((await rowsOf(name)).map(({ phone }) => phone));
			const times = [...(await messagesOf(sandbox, phones)).values()].map(({ acceptedAt }) => Date.parse(acceptedAt));
			const { before, after, pause } = sharesOf(times, limit, killed.at - 1000);
			await step(
				`of the channel's limit of ${limit}/s: ${before.toFixed(3)} before the kill, ${after.toFixed(3)} after it, ${pause.toFixed(1)} s between them`,
				async () => assert.ok(before > 0 && after > 0),
			);
			say(`processors in use at ${limit}/s before the kill: ${killed.cpu}`);
		}
		allIsSent();

		await step('the batches have followed the pace', async () => {
			const batches = await postgres.query<{ rows: number }>(
				SHOP_DATABASE,
				"SELECT count(*)::integer AS rows FROM stock_arrival_outbox WHERE event_id LIKE 'arrival%' GROUP BY claimed_by, claimed_at ORDER BY 1",
			);
			const largest = batches.at(-1)?.rows ?? 0;
			assert.ok(largest > 200 && largest <= MAX_BATCH, `the largest batch has ${largest} rows`);
		});

		const total = EVENTS * PACES.reduce((sum, { customers }) => sum + customers, 0);
		const rows = await mustStep('what the killed workers had claimed is called unknown', () => settled('arrival', total));

		await step('nobody got it twice', async () => {
			const { perRecipient } = await sandbox.control<{ perRecipient: Record<string, number> }>('GET', 'counts?full=1');
			const twice = rows.filter(({ phone }) => (perRecipient[phone] ?? 0) > 1);
			assert.deepEqual(twice.map(({ phone }) => `${phone} got ${perRecipient[phone]}`), []);
		});

		const messages = await messagesOf(sandbox, new Set(rows.map(({ phone }) => phone)));
		const unknown = rows.filter(({ state }) => state === 'unknown');
		const arrived = unknown.filter(({ phone }) => messages.has(phone));

		await step(`every row is accepted with the ID of its message, or unknown: ${rows.length - unknown.length} and ${unknown.length}`, async () => {
			const others = rows.filter(({ state }) => state !== 'accepted' && state !== 'unknown');
			assert.deepEqual(others, []);
			const wrong = rows.filter(({ state, phone, message_id: id }) => state === 'accepted' && (id === null || messages.get(phone)?.id !== id));
			assert.deepEqual(wrong, []);
		});

		await step(`the unknown are what the killed workers had claimed, and reported; ${arrived.length} of the ${unknown.length} had gone out`, async () => {
			for (const { execution } of kills) {
				const { length } = unknown.filter(({ claimed_by: by }) => by === execution);
				assert.ok(length > 0 && length <= MAX_BATCH, `${length} of ${execution} are unknown`);
				await reported(api, outbox, `${length} messages are unknown: execution ${execution} claimed them`);
			}
			assert.deepEqual(unknown.filter(({ claimed_by: by }) => !kills.some(({ execution }) => execution === by)), []);
		});

		await step('every accepted message has its status in the log', async () => {
			await waitFor({
				what: 'the status of every accepted message',
				timeoutMs: TIMEOUT_MS,
				pauseMs: 500,
				look: async () => {
					const without = await counted("WHERE event_id LIKE $1 AND state = 'accepted' AND NOT EXISTS (SELECT FROM stock_arrival_status s WHERE s.message_id = o.message_id AND rank = 3)", ['arrival%']);
					return without === 0 ? true : undefined;
				},
			});
		});

		await step('the query of the docs finds those of the unknown that had gone out, but for reports that died with a worker', async () => {
			const docs = await readFile(join(ROOT, 'docs', 'queue-mode.md'), 'utf8');
			const [, query] = docs.match(/```sql\n(SELECT o\.id[^`]*)```/) ?? assert.fail('The docs have no such query.');
			const found = await postgres.query<{ phone: string }>(SHOP_DATABASE, query!);
			// Its answer was lost; the event has every outcome.
			assert.ok(found.some(({ phone }) => phone === '+1 202 555-0115'));
			const ours = new Set(unknown.map(({ phone }) => phone));
			const those = found.map(({ phone }) => phone).filter((phone) => ours.has(phone));
			assert.deepEqual(those.filter((phone) => !messages.has(phone)), []);
			assert.ok(those.length > arrived.length / 2, `${those.length} of ${arrived.length}`);
		});

		await step('the same events fired once more: nothing is added, nothing is sent', async () => {
			const before = (await countsOf(sandbox)).messages;
			for (const { limit, customers, start: first } of PACES) {
				for (const event of eventsOf(`arrival-${limit}`, first, customers)) {
					assert.deepEqual((await fire(webhook.url, event)).body, { received: customers, added: 0, known: customers });
				}
			}
			assert.equal((await countsOf(sandbox)).messages, before);
		});

		await step('a worker that is told to stop ends its batch first: nothing is left claimed', async () => {
			await fire(main.url, eventFor('stopped', 800_000, STOPPED));
			const { worker } = await sender(workers, claimer);
			await signal(worker, 'SIGTERM');
			await waitFor({ what: `${worker.name} to end`, timeoutMs: TIMEOUT_MS, look: async () => (worker.program.isRunning ? undefined : true) });
			const left = await rowsOf('stopped');
			assert.ok(left.some(({ state }) => state === 'accepted'));
			assert.deepEqual(left.filter(({ state }) => !['accepted', 'waiting'].includes(state)), []);
		});

		await step('the search finds a secret planted in whatever column of PostgreSQL', () => findsWhatIsPlantedIn(postgres.query, SHOP_DATABASE));

		await step('in both databases the token is nowhere, and the webhook secret in static data only', async () => {
			const secrets = await webhookSecretsIn(postgres.query, N8N_DATABASE);
			const [url = ''] = (await sandbox.webhookUrls()).filter((one) => one.startsWith(webhook.url));
			assert.deepEqual(secrets, [new URL(url).searchParams.get('secret')]);
			const sought = { tokens: [sandbox.token], secrets };
			const found = await Promise.all([N8N_DATABASE, SHOP_DATABASE].map((database) => findInPostgres(postgres.query, database, sought)));
			assert.ok(found.flat().some(({ what }) => what === 'secret'), 'The search does not read static data.');
			assert.deepEqual(leaks(found.flat()), []);
		});
	} finally {
		for (const stop of stops) await stop().catch(say);
	}
}

/** A worker that was killed while this execution of the sweep was its own. */
interface Kill {
	worker: N8nProcess;
	execution: string;
	/** Milliseconds. */
	at: number;
}

/** The events of an arrival; each customer has one of their own. */
function eventsOf(name: string, start: number, customers: number): OutboxEvent[] {
	return Array.from({ length: EVENTS }, (_, index) => eventFor(`${name}-${index}`, start + index * customers, customers));
}

interface Counts {
	messages: number;
}

async function countsOf(sandbox: Sandbox): Promise<Counts> {
	return await sandbox.control<Counts>('GET', 'counts');
}

/** Messages accepted for these phones, by phone. */
async function messagesOf(sandbox: Sandbox, phones: Set<string>): Promise<Map<string, SandboxMessage>> {
	const { messages } = await sandbox.control<{ messages: SandboxMessage[] }>('GET', `messages?limit=${ALL_MESSAGES}`);
	return new Map(messages.filter(({ phone }) => phones.has(phone)).map((message) => [message.phone, message]));
}

/** The worker whose execution holds claimed rows, according to the logs. */
async function sender(workers: N8nProcess[], claimer: () => Promise<string | undefined>): Promise<{ worker: N8nProcess; execution: string }> {
	return await waitFor({
		what: 'a worker that is sending',
		timeoutMs: TIMEOUT_MS,
		pauseMs: 50,
		look: async () => {
			const execution = await claimer();
			if (execution === undefined) return undefined;
			for (const worker of workers) {
				if ((await readFile(worker.program.log, 'utf8')).includes(`Worker started execution ${execution} `)) return { worker, execution };
			}
			return undefined;
		},
	});
}

/** Waits until a sweep execution fails with this message. */
async function reported(api: N8nApi, { sweep }: Outbox, words: string): Promise<void> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId: sweep.id, status: ['error'] }));
	await waitFor({
		what: `an execution that says "${words}"`,
		timeoutMs: TIMEOUT_MS,
		look: async () => {
			const { results } = await api.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}`);
			const texts = await Promise.all(results.map(async ({ id }) => (await api.call<{ data: string }>('GET', `/executions/${id}`)).data));
			return texts.some((text) => text.includes(words)) ? true : undefined;
		},
	});
}
