import type { IDataObject } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { ack, ALL_STATUSES, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active, host } = useTriggers(channel);
const CONFIRM = { ...ALL_STATUSES, options: { confirmWithApi: true } };

/** Scripts hookInfo's answers in order, the last one forever. */
async function hookInfo(...answers: IDataObject[]) {
	const last = answers.pop()!;
	if (answers.length > 0) await channel.script({ path: 'hookInfo', answers });
	await channel.script({ path: 'hookInfo', times: 'forever', answers: [last] });
}
const told = (...hooks: IDataObject[]) => ({ status: 200, body: { hooks } });
const report = (status: string, more: IDataObject = {}) => ({ id: 'wamid.1', type: 'message', status, timestamp: '1754400000', recipient_id: '12025550100', ...more });
/** 1MSG gets its answer before the execution starts if the lookup takes long. */
const until = async (isSo: () => boolean) => {
	while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
};
const heard = async (entries: unknown[], parameters: IDataObject = CONFIRM) => {
	const { trigger, url } = await active(parameters as never);
	expect(await post(url, { ack: entries })).toBe(200);
	await until(() => trigger.executions.length > 0);
	return { items: trigger.executions[0]!, log: trigger.log };
};

test('a status that the channel also reports is confirmed, with the time missing from the hook', async () => {
	await hookInfo(told(report('sent'), report('delivered', { timestamp: '1754400060' })));
	const { items } = await heard([ack('delivered')]);
	expect(items).toEqual([expect.objectContaining({ confirmed: true, status: 'delivered', occurredAt: '2025-08-05T13:21:00.000Z', deliveredAt: '2025-08-05T13:21:00.000Z', failure: null })]);
	expect(items[0]).not.toHaveProperty('raw');
	expect(await channel.calls('hookInfo')).toEqual([expect.objectContaining({ query: { messageId: 'wamid.1' }, tokenIn: 'header' })]);
});

test('a failure in text form gets its code', async () => {
	await hookInfo(told(report('failed', { errors: [{ code: 131049, title: 'x', error_data: { details: 'Too many for this customer' } }] })));
	const { items } = await heard([ack('failed', 'wamid.1', { error: 'Words nobody knows' })]);
	expect(items).toEqual([expect.objectContaining({ confirmed: true, failure: expect.objectContaining({ code: '131049', details: 'Too many for this customer', retryAfter: 86_400 }) })]);
});

test('a failure whose code the channel does not know either keeps its text', async () => {
	await hookInfo(told(report('failed')));
	const { items } = await heard([ack('failed', 'wamid.1', { error: 'Words nobody knows' })]);
	expect(items).toEqual([expect.objectContaining({ confirmed: true, failure: expect.objectContaining({ code: 'unknown-failure', details: 'Words nobody knows' }) })]);
});

test('a missing status is queried once more, and then confirmed', async () => {
	await hookInfo({ status: 200, body: { hooks: [] } }, told(report('delivered')));
	const { items } = await heard([ack('delivered')]);
	expect(items).toEqual([expect.objectContaining({ confirmed: true, occurredAt: '2025-08-05T13:20:00.000Z' })]);
	expect(await channel.calls('hookInfo')).toHaveLength(2);
});

test('what the channel does not report is passed on as not confirmed', async () => {
	await hookInfo(told(
		report('sent', { id: 'less' }), report('failed', { id: 'a failure instead' }), report('sent', { id: 'a delivery instead' }), report('delivered', { id: 'a delivery instead' }),
		report('delivered', { id: 'another message' }),
	));
	const entries = [ack('delivered', 'nothing'), ack('delivered', 'less'), ack('delivered', 'a failure instead'), ack('failed', 'a delivery instead')];
	const { items, log } = await heard(entries);
	expect(items).toEqual(entries.map(({ id, status }) => expect.objectContaining({ messageId: id, status, confirmed: false, occurredAt: null })));
	expect(log.filter((line) => line.startsWith('warn: 1MSG Trigger: statuses'))).toEqual([]);
});

test('a delivered is confirmed at once if the channel already reports read', async () => {
	await hookInfo(told(report('read')));
	const { items } = await heard([ack('delivered')]);
	expect(items).toEqual([expect.objectContaining({ confirmed: true, occurredAt: null })]);
	expect(await channel.calls('hookInfo')).toHaveLength(1);
});

test('other answers lose nothing, and are logged', async () => {
	const answers: IDataObject[] = [
		{ status: 500, body: 'no' },
		{ status: 404, body: { message: 'Cannot GET /hookInfo' } },
		{ status: 401, body: { error: `Wrong token "${channel.sandbox.token}" for channel` } },
		{ status: 429, body: { error: 'Too many requests' } },
		{ status: 200, body: '<html>' },
		{ then: 'half' },
		{ then: 'cutBefore' },
	];
	await channel.script({ path: 'hookInfo', times: 2, answers });
	const { items, log } = await heard(answers.map((_, index) => ack('failed', `wamid.${index}`, { error: "User's number is part of an experiment" })));
	expect(items).toEqual(answers.map(() => expect.objectContaining({ confirmed: false, failure: expect.objectContaining({ code: '130472' }) })));
	expect(log.filter((line) => line.startsWith('warn: 1MSG Trigger: statuses could not be confirmed'))).toHaveLength(1);
	expect(log.join()).not.toContain(channel.sandbox.token);
	expect(await channel.calls('hookInfo')).toHaveLength(2 * answers.length);
});

test('a service that never answers does not keep 1MSG waiting: the hook is answered, and starts its execution later', async () => {
	await hookInfo({ then: 'hang' });
	const { trigger, url } = await active(CONFIRM);
	expect(await post(url, { ack: [ack('delivered'), ack('read', 'wamid.2')] })).toBe(200);
	expect(trigger.executions).toEqual([]);
	await until(() => trigger.executions.length > 0);
	expect(trigger.executions).toEqual([[expect.objectContaining({ confirmed: false }), expect.objectContaining({ confirmed: false })]]);
});

test('with When Workflow Finished the answer waits for the workflow, whatever hookInfo does', async () => {
	await hookInfo({ then: 'hang' });
	const { trigger, url } = await active({ ...CONFIRM, respond: 'whenFinished' }, { run: () => { throw new Error('The workflow failed'); } });
	expect(await post(url, { ack: [ack('delivered')] })).toBe(500);
	expect(trigger.executions).toHaveLength(1);
});

test.each([
	['a service that cannot be reached', { baseUrl: 'http://127.0.0.1:1' }],
	['a credential without a token', { apiToken: '' }],
])('%s: passed on as not confirmed', async (_, fields) => {
	const { trigger: registered } = await active(CONFIRM);
	const trigger = await host({ parameters: CONFIRM, credential: { ...channel.credential, ...fields } });
	Object.assign(trigger.staticData(), { ...registered.staticData(), url: trigger.url() });
	expect(await post(`${trigger.url()}?secret=${String(registered.staticData().secret)}`, { ack: [ack('delivered')] })).toBe(200);
	await until(() => trigger.executions.length > 0);
	expect(trigger.executions).toEqual([[expect.objectContaining({ confirmed: false, status: 'delivered' })]]);
});

test('many entries: one question per message, in order, and few at once', async () => {
	await channel.settings({ latencyMs: 10 });
	const ids = Array.from({ length: 200 }, (_, index) => `wamid.${index}`);
	await hookInfo({ status: 200, body: { hooks: [{ status: 'delivered' }] } });
	const { items } = await heard(ids.flatMap((id) => [ack('sent', id), ack('delivered', id)]));
	expect(items.map(({ messageId, status, confirmed }) => [messageId, status, confirmed])).toEqual(ids.flatMap((id) => [[id, 'sent', true], [id, 'delivered', true]]));
	expect(await channel.calls('hookInfo')).toHaveLength(200);
	expect((await channel.sandbox.control('GET', '/counts')).body.openSocketsPeak).toBeLessThanOrEqual(25);
});

test('only events that start an execution are queried, and only if enabled', async () => {
	const { items } = await heard([ack('delivered')], ALL_STATUSES);
	expect(items[0]).not.toHaveProperty('confirmed');
	const { trigger, url } = await active({ ...CONFIRM, events: ['messageStatus', 'messageReceived'], statuses: ['read'] });
	await post(url, { ack: [ack('delivered')], messages: [{ id: 'in', body: 'Yes', chatId: '12025550100@c.us' }] });
	expect(trigger.executions).toEqual([[expect.not.objectContaining({ confirmed: expect.anything() })]]);
	expect(await channel.calls('hookInfo')).toEqual([]);
});
