import { useChannel } from '../support/channel.cjs';
import { ack, ALL_STATUSES, exchange, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
const FINISHED = { ...ALL_STATUSES, respond: 'whenFinished' };
const until = async (holds: () => boolean) => {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const fail = () => {
	throw new Error('The run failed');
};

test('by default 1MSG gets its 200 at once, whatever becomes of the run', async () => {
	const { trigger, url } = await active(ALL_STATUSES, { run: fail });
	expect(await exchange(url, { ack: [ack('delivered')] })).toEqual({ status: 200, text: '' });
	expect(trigger.executions).toHaveLength(1);
});

test('when finished: 200 only after the run, and nothing of the customer in it', async () => {
	let finish = () => {};
	const { trigger, url } = await active(FINISHED, { run: async () => await new Promise<void>((resolve) => (finish = resolve)) });
	let answered = false;
	const answer = exchange(url, { ack: [ack('delivered')] }).finally(() => (answered = true));
	await until(() => trigger.executions.length === 1);
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect(answered).toBe(false);
	finish();
	expect(await answer).toEqual({ status: 200, text: '' });
});

test('when finished: a failed run is answered 5xx, and the same event starts the next run', async () => {
	let runs = 0;
	const { trigger, url } = await active(FINISHED, { run: () => (++runs === 1 ? fail() : undefined) });
	const body = { ack: [ack('delivered')] };
	expect(await post(url, body)).toBe(500);
	expect(await post(url, body)).toBe(200);
	expect(trigger.executions).toEqual([[expect.objectContaining({ status: 'delivered' })], [expect.objectContaining({ status: 'delivered' })]]);
});

test('when finished: a channel with guaranteed hooks redelivers until a run succeeds', async () => {
	await channel.settings({ sentAfterMs: 10, deliveredAfterMs: 30, hookRetryMs: 50 });
	await channel.sandbox.call('POST', '/settings', { guaranteedHooks: true });
	let runs = 0;
	const { trigger } = await active({ statuses: ['delivered'], respond: 'whenFinished' }, { run: () => (++runs <= 2 ? fail() : undefined) });
	const [template] = (await channel.sandbox.call('GET', '/templates')).body.templates;
	const params = [{ type: 'body', parameters: ['a', 'b', 'c', 'd'].map((text) => ({ type: 'text', text })) }];
	const sent = await channel.sandbox.call('POST', '/sendTemplate', {
		phone: '12025550100', template: 'stock_arrival', namespace: template.namespace, language: { policy: 'deterministic', code: 'en' }, params,
	});
	await until(() => runs === 3);
	await new Promise((resolve) => setTimeout(resolve, 500));
	expect(trigger.executions.map(([item]) => [item!.messageId, item!.status])).toEqual(Array(3).fill([sent.body.id, 'delivered']));
});

test('when finished: an unmatched event is answered 200 and starts nothing', async () => {
	const { trigger, url } = await active({ statuses: ['read'], respond: 'whenFinished' }, { run: fail });
	expect(await post(url, { ack: [ack('delivered')] })).toBe(200);
	expect(await post(url, { unheard: [] })).toBe(200);
	expect(trigger.executions).toEqual([]);
});

test('when finished: skipRepeats of an earlier setting does not hold a redelivery back', async () => {
	const { trigger, url } = await active({ ...FINISHED, options: { skipRepeats: true, skipLate: true } });
	for (let times = 0; times < 3; times++) await post(url, { ack: [ack('delivered')] });
	expect(trigger.executions).toHaveLength(3);
});

test('when finished: a sent that failed comes again after a delivered, and starts a run: it is not late', async () => {
	let runs = 0;
	const { trigger, url } = await active(FINISHED, { run: () => (++runs === 1 ? fail() : undefined) });
	expect(await post(url, { ack: [ack('sent')] })).toBe(500);
	expect(await post(url, { ack: [ack('delivered')] })).toBe(200);
	expect(await post(url, { ack: [ack('sent')] })).toBe(200);
	expect(trigger.executions.map(([item]) => item!.status)).toEqual(['sent', 'delivered', 'sent']);
});

test('when finished: a sent that comes for the first time after a delivered is late, also the second time', async () => {
	const { trigger, url } = await active(FINISHED);
	await post(url, { ack: [ack('delivered')] });
	for (let times = 0; times < 2; times++) expect(await post(url, { ack: [ack('sent')] })).toBe(200);
	expect(trigger.executions.map(([item]) => item!.status)).toEqual(['delivered']);
	const keeping = await active({ ...FINISHED, options: { skipLate: false } });
	await post(keeping.url, { ack: [ack('delivered')] });
	await post(keeping.url, { ack: [ack('sent')] });
	expect(keeping.trigger.executions).toHaveLength(2);
});

test.each([
	['immediately', {}, 200],
	['when finished', { respond: 'whenFinished' }, 500],
	['as an expression says', { respond: '={{ "whenFinished" }}' }, 500],
	['when finished, with an expression in another field', { respond: 'whenFinished', statuses: '={{ ["delivered"] }}' }, 500],
])('a failing run, answered %s', async (_, parameters, status) => {
	const { url } = await active({ ...ALL_STATUSES, ...parameters }, { run: fail });
	expect(await post(url, { ack: [ack('delivered')] })).toBe(status);
});
