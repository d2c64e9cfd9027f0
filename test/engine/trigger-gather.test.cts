import type { IDataObject } from 'n8n-workflow';
import { FULL } from '../../nodes/OneMsgTrigger/gathering';
import { useChannel } from '../support/channel.cjs';
import type { TriggerHost } from '../support/trigger-host.cjs';
import { ack, ALL_STATUSES, exchange, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active, ours } = useTriggers(channel);

/** As long as it may be: what a test sees starts because of something else. */
const GATHER = { ...ALL_STATUSES, options: { gatherFor: 5 } };
/** Short, where the test waits for its end. */
const BRIEFLY = { ...ALL_STATUSES, options: { gatherFor: 0.3 } };

const until = async (holds: () => boolean) => {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const idsOf = (executions: IDataObject[][]) => executions.map((items) => items.map(({ messageId }) => messageId));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `wamid.${from + index}`);
/** What was gathered has started then, without any time passing. */
const deactivate = async (trigger: TriggerHost) => {
	await trigger.deactivate();
	await new Promise(setImmediate);
};
/** One POST after the other, so that their order is known. */
const postAll = async (url: string, ids: readonly string[]) => {
	for (const id of ids) expect(await exchange(url, { ack: [ack('delivered', id)] })).toEqual({ status: 200, text: '' });
};

test('the first event starts at once; what comes meanwhile is answered, and starts together, in order', async () => {
	const { trigger, url } = await active(GATHER);
	await postAll(url, range(0, 40));
	expect(idsOf(trigger.executions)).toEqual([['wamid.0']]);
	await deactivate(trigger);
	expect(idsOf(trigger.executions)).toEqual([['wamid.0'], range(1, 40)]);
});

test('what gathers belongs to an execution that runs already, so that n8n awaits it when it stops; in queue mode to a call that waits', async () => {
	const { trigger, url } = await active(GATHER);
	await postAll(url, range(0, 4));
	expect(trigger.running()).toBe(1);
	await deactivate(trigger);
	expect(trigger.running()).toBe(0);
	expect(idsOf(trigger.executions)).toEqual([['wamid.0'], range(1, 4)]);

	const queue = await active(GATHER, { isQueueMode: true });
	await postAll(queue.url, range(0, 40));
	expect([idsOf(queue.trigger.executions), queue.trigger.running()]).toEqual([[['wamid.0']], 0]);
	await deactivate(queue.trigger);
	expect(idsOf(queue.trigger.executions)).toEqual([['wamid.0'], range(1, 40)]);
});

test('an execution that n8n cannot start is answered 500, and what gathered for it starts with the next', async () => {
	const { trigger, url } = await active(BRIEFLY, { unstartable: [1] });
	await postAll(url, ['wamid.0']);
	expect(await post(url, { ack: [ack('delivered', 'wamid.1')] })).toBe(500);
	// Answered in the end, though nothing is certain yet.
	expect(await Promise.all(range(2, 6).map(async (id) => await post(url, { ack: [ack('delivered', id)] })))).toEqual([200, 200, 200, 200]);
	await postAll(url, range(6, 9));
	await until(() => trigger.executions.length === 2);
	expect(idsOf(trigger.executions)[0]).toEqual(['wamid.0']);
	expect(idsOf(trigger.executions)[1]!.sort()).toEqual(range(2, 9));
	// 1MSG repeats what it was refused.
	expect(await post(url, { ack: [ack('delivered', 'wamid.1')] })).toBe(200);
	await until(() => trigger.executions.length === 3);
	expect(idsOf(trigger.executions)[2]).toEqual(['wamid.1']);
});

describe.each([['each on its own', ALL_STATUSES], ['gathered', BRIEFLY]])('a call that 1MSG gives up before n8n has answered, %s', (_, parameters) => {
	const body = { ack: [ack('delivered', 'wamid.0')] };
	/** Given up while n8n is about to start its execution; `decide` lets n8n go on. */
	const givenUp = async (unstartable: number[]) => {
		let [begin, decide] = [() => {}, () => {}];
		const begun = new Promise<void>((resolve) => (begin = resolve));
		const decided = new Promise<void>((resolve) => (decide = resolve));
		const { trigger, url } = await active(parameters, { unstartable, beforeStart: async () => (begin(), await decided) });
		const call = new AbortController();
		const given = fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: call.signal }).catch(() => 'given up');
		await begun;
		call.abort();
		expect(await given).toBe('given up');
		return { trigger, url, decide };
	};

	test('is no repeat when it comes again, if n8n could not start its execution', async () => {
		const { trigger, url, decide } = await givenUp([0]);
		decide();
		do expect(await post(url, body)).toBe(200);
		while (trigger.executions.length === 0);
		await deactivate(trigger);
		expect(idsOf(trigger.executions)).toEqual([['wamid.0']]);
	});

	test('is a repeat when it comes again, if n8n starts its execution after all', async () => {
		const { trigger, url, decide } = await givenUp([]);
		expect(await post(url, body)).toBe(200);
		decide();
		await until(() => trigger.executions.length > 0);
		expect(await post(url, body)).toBe(200);
		await deactivate(trigger);
		expect(idsOf(trigger.executions)).toEqual([['wamid.0']]);
	});
});

test('many at once, and many entries a POST: every event is in one execution, and every POST gets its 200', async () => {
	const { trigger, url } = await active(BRIEFLY);
	const bodies = Array.from({ length: 60 }, (_, index) => ({ ack: range(3 * index, 3 * index + 3).map((id) => ack('sent', id)) }));
	const answers = await Promise.all(bodies.map(async (body) => await post(url, body)));
	expect(answers).toEqual(bodies.map(() => 200));
	await until(() => trigger.executions.flat().length === 180);
	await postAll(url, ['wamid.last']);
	await until(() => trigger.executions.flat().length > 180);
	const ids = idsOf(trigger.executions).flat();
	expect([...new Set(ids)].sort()).toEqual([...range(0, 180), 'wamid.last'].sort());
	expect(ids).toHaveLength(181);
	// A POST stays together.
	expect(ids.slice(0, 180).filter((_, index) => index % 3 === 0).map((id) => ids.indexOf(`wamid.${Number(String(id).slice(6)) + 2}`) - ids.indexOf(id))).toEqual(Array(60).fill(2));
	expect(trigger.executions.length).toBeLessThan(10);
});

test('by default, in a test run, and with When Workflow Finished, each POST starts its own execution', async () => {
	const plain = await active(ALL_STATUSES);
	await postAll(plain.url, range(0, 5));
	expect(idsOf(plain.trigger.executions)).toEqual(range(0, 5).map((id) => [id]));
	await deactivate(plain.trigger);

	const finished = await active({ ...GATHER, respond: 'whenFinished' });
	await postAll(finished.url, range(0, 5));
	expect(finished.trigger.executions).toHaveLength(5);
	await finished.trigger.activate('test');
	const [testUrl] = await ours(finished.trigger, 'test');
	await postAll(testUrl!, range(5, 10));
	expect(finished.trigger.executions).toHaveLength(10);
	await finished.trigger.deactivate('test');
	await deactivate(finished.trigger);
	const expressed = await active({ ...GATHER, respond: '={{ "whenFinished" }}' });
	await postAll(expressed.url, range(0, 5));
	expect(expressed.trigger.executions).toHaveLength(5);
	await deactivate(expressed.trigger);

	const gathering = await active(GATHER);
	await gathering.trigger.activate('test');
	await postAll((await ours(gathering.trigger, 'test'))[0]!, range(0, 5));
	expect(gathering.trigger.executions).toHaveLength(5);
});

test.each([['nothing', 'never'], ['a negative time', -1], ['no number', null], ['an expression that gives nothing', '={{ undefined }}']])('%s instead of seconds: nothing is gathered', async (_, gatherFor) => {
	const { trigger, url } = await active({ ...ALL_STATUSES, options: { gatherFor } });
	await postAll(url, range(0, 3));
	expect(trigger.executions).toHaveLength(3);
});

test('published again, the trigger starts what it had gathered, and then begins anew', async () => {
	const { trigger, url } = await active(GATHER);
	await postAll(url, range(0, 3));
	await deactivate(trigger);
	await trigger.activate();
	const [renewed] = await ours(trigger);
	await postAll(renewed!, range(3, 6));
	expect(await post(url, { ack: [ack('read', 'wamid.old')] })).toBe(401);
	expect(idsOf(trigger.executions)).toEqual([['wamid.0'], range(1, 3), ['wamid.3']]);
	await deactivate(trigger);
	expect(idsOf(trigger.executions)).toEqual([['wamid.0'], range(1, 3), ['wamid.3'], range(4, 6)]);
});

test('a workflow that cannot be taken off the list keeps gathering, and starts it in the end', async () => {
	const { trigger, url } = await active(BRIEFLY);
	await channel.script({ path: 'webhook', method: 'POST', times: 'forever', answers: [{ status: 500, body: 'no' }] });
	await postAll(url, range(0, 3));
	await expect(trigger.deactivate()).rejects.toThrow();
	await until(() => trigger.executions.length === 2);
	expect(idsOf(trigger.executions)).toEqual([['wamid.0'], range(1, 3)]);
});

test('a window that is full starts at once', async () => {
	const { trigger, url } = await active(GATHER);
	const entries = (from: number) => ({ ack: range(from, from + FULL.events / 2).map((id) => ack('sent', id)) });
	await postAll(url, ['first']);
	for (const from of [0, FULL.events / 2, FULL.events]) expect(await post(url, entries(from))).toBe(200);
	await until(() => trigger.executions.length === 2);
	expect(idsOf(trigger.executions)).toEqual([['first'], range(0, FULL.events)]);
	await deactivate(trigger);
	expect(trigger.executions[2]).toHaveLength(FULL.events / 2);
});

test('a repeat, and a status after a higher one, are skipped within a window and across windows', async () => {
	const { trigger, url } = await active(GATHER);
	for (const [status, id] of [['sent', 'a'], ['delivered', 'a'], ['delivered', 'b'], ['delivered', 'a'], ['sent', 'b'], ['sent', 'a']] as const) {
		expect(await post(url, { ack: [ack(status, id)] })).toBe(200);
	}
	await deactivate(trigger);
	expect(trigger.executions.map((items) => items.map(({ messageId, status }) => `${String(messageId)} ${String(status)}`))).toEqual([['a sent'], ['a delivered', 'b delivered']]);
});

test('a workflow that fails changes nothing for the events after it', async () => {
	const run = () => {
		throw new Error('The run failed');
	};
	const { trigger, url } = await active(BRIEFLY, { run });
	await postAll(url, range(0, 5));
	await until(() => trigger.executions.length === 2);
	expect(idsOf(trigger.executions)).toEqual([['wamid.0'], range(1, 5)]);
});

test('statuses that gathered are confirmed together, once a message, and their time is that of hookInfo', async () => {
	await channel.script({ path: 'hookInfo', times: 'forever', answers: [{ status: 200, body: { hooks: [{ status: 'sent', timestamp: '1754400000' }, { status: 'delivered', timestamp: '1754400060' }] } }] });
	const { trigger, url } = await active({ ...ALL_STATUSES, options: { gatherFor: 5, confirmWithApi: true } });
	await postAll(url, ['first']);
	for (const id of ['a', 'b']) for (const status of ['sent', 'delivered']) expect(await post(url, { ack: [ack(status, id)] })).toBe(200);
	await deactivate(trigger);
	await until(() => trigger.executions.length === 2);
	expect(trigger.executions[1]!.map(({ messageId, status, confirmed }) => [messageId, status, confirmed])).toEqual([['a', 'sent', true], ['a', 'delivered', true], ['b', 'sent', true], ['b', 'delivered', true]]);
	expect(await channel.calls('hookInfo')).toHaveLength(3);
});

test('two triggers, and two nodes, gather for themselves', async () => {
	const one = await active(GATHER);
	const other = await active(GATHER);
	for (const id of range(0, 3)) {
		await postAll(one.url, [id]);
		await postAll(other.url, [id]);
	}
	await deactivate(one.trigger);
	expect(idsOf(one.trigger.executions)).toEqual([['wamid.0'], range(1, 3)]);
	expect(idsOf(other.trigger.executions)).toEqual([['wamid.0']]);
	await deactivate(other.trigger);
	expect(idsOf(other.trigger.executions)).toEqual([['wamid.0'], range(1, 3)]);
});
