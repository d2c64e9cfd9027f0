import type { INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import type { HostSettings } from '../support/trigger-host.cjs';
import { ack, ALL_STATUSES as all, FOREIGN, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { host, list, setList, ours, active } = useTriggers(channel);

describe('registering', () => {
	test('activation adds one URL with a secret, beside the ones of others, and switches status events on', async () => {
		const trigger = await host();
		await trigger.activate();
		expect(await list()).toEqual([FOREIGN, expect.stringMatching(/\?secret=[\w-]{32}$/)]);
		expect(await ours(trigger)).toHaveLength(1);
		expect((await channel.sandbox.call('GET', '/settings')).body).toMatchObject({ ackNotificationsOn: true });
		expect(await trigger.checkExists()).toBe(true);
	});

	test('deactivation removes only ours, and leaves status events on', async () => {
		const trigger = await host();
		await trigger.activate();
		await trigger.deactivate();
		expect(await list()).toEqual([FOREIGN]);
		expect((await channel.sandbox.call('GET', '/settings')).body).toMatchObject({ ackNotificationsOn: true });
		expect(trigger.staticData()).toEqual({});
		expect(await trigger.checkExists()).toBe(false);
	});

	test('ours being the only URL, deactivation clears the list', async () => {
		await setList([]);
		const trigger = await host();
		await trigger.activate();
		expect(await ours(trigger)).toHaveLength(1);
		await trigger.deactivate();
		expect((await channel.sandbox.control('GET', '/webhooks')).body.webhooks ?? []).toHaveLength(0);
	});

	test('deactivating twice, or without having been active, changes nothing', async () => {
		const trigger = await host();
		await trigger.deactivate();
		await trigger.deactivate();
		expect(await list()).toEqual([FOREIGN]);
		expect(await channel.calls('webhook')).not.toContainEqual(expect.objectContaining({ method: 'POST' }));
	});

	test.each(['string', 'array', 'comma'])('the list is read in its %s form', async (shape) => {
		await channel.settings({ webhookShape: shape === 'string' ? 'auto' : shape });
		const trigger = await host();
		await trigger.activate();
		await trigger.deactivate();
		expect((await channel.sandbox.control('GET', '/webhooks')).text).toContain(FOREIGN);
		expect((await channel.sandbox.control('GET', '/webhooks')).text).not.toContain(trigger.url());
	});

	test('a registration whose secret n8n has lost is replaced, not doubled', async () => {
		const workflowId = 'lost-secret';
		const first = await host({ workflowId, publicHost: 'https://n8n.example' });
		await first.activate();
		const before = await ours(first);
		first.forgetStaticData();
		await first.create();
		expect(await ours(first)).toHaveLength(1);
		expect(await ours(first)).not.toEqual(before);
	});

	test('a URL with another host that static data remembers is somebody else\'s, and the log says that it is there', async () => {
		const workflowId = 'moved';
		const before = await host({ workflowId, publicHost: 'https://old.example' });
		await before.activate();
		const after = await host({ workflowId, publicHost: 'https://new.example' });
		Object.assign(after.staticData(), before.staticData());
		expect(await after.checkExists()).toBe(false);
		await after.create();
		expect(await list()).toEqual([FOREIGN, ...(await ours(before)), ...(await ours(after))]);
		expect(await ours(after)).toHaveLength(1);
		expect(after.log.join('\n')).toContain(`registered as ${before.url()} before`);
		await after.deactivate();
		expect(await list()).toEqual([FOREIGN, ...(await ours(before))]);
	});

	test('with five other URLs ours is refused, naming them, and nothing is changed', async () => {
		const urls = [1, 2, 3, 4, 5].map((n) => `https://other${n}.example/hook?token=hidden${n}`);
		await setList(urls);
		const trigger = await host();
		await expect(trigger.activate()).rejects.toMatchObject({
			message: expect.stringContaining('https://other5.example/hook'),
			description: expect.stringContaining('Remove one'),
		});
		await expect(trigger.create()).rejects.not.toMatchObject({ message: expect.stringContaining('hidden') });
		expect(await list()).toEqual(urls);
	});

	test('a wrong token is told in the words of the credential test', async () => {
		const trigger = await host({ credential: { ...channel.credential, apiToken: 'wrong' } });
		await expect(trigger.activate()).rejects.toMatchObject({
			message: 'The token was rejected: It is wrong, or belongs to another channel.',
			description: 'Copy the channel ID and token from the 1MSG dashboard again.',
		});
	});

	test('a test run registers and removes only the test URL', async () => {
		const trigger = await host();
		await trigger.activate();
		await trigger.activate('test');
		expect(await list()).toHaveLength(3);
		await trigger.deactivate('test');
		expect(await list()).toEqual([FOREIGN, ...(await ours(trigger))]);
		expect(await trigger.checkExists()).toBe(true);
	});

	test('when status events cannot be switched on, our URL is taken back', async () => {
		await channel.script({ path: 'settings', method: 'POST', answers: [{ status: 500, body: 'no' }] });
		const trigger = await host();
		await expect(trigger.activate()).rejects.toMatchObject({ name: 'NodeApiError' });
		expect(await list()).toEqual([FOREIGN]);
	});

	test.each([
		['the list cannot be read', { path: 'webhook', method: 'GET', answers: [{ status: 500, body: 'no' }] }],
		['the list is something else', { path: 'webhook', method: 'GET', answers: [{ status: 200, body: '<html>' }] }],
		['the list cannot be written', { path: 'webhook', method: 'POST', answers: [{ status: 400, body: { error: 'no' } }] }],
		['the token is rejected', { path: 'webhook', method: 'GET', answers: [{ status: 401, body: { error: 'Wrong token' } }] }],
	])('when %s, activation says so and changes nothing', async (_, script) => {
		const trigger = await host();
		await channel.script(script);
		await expect(trigger.create()).rejects.toMatchObject({ name: 'NodeApiError', message: expect.stringMatching(/\S{3}/) });
		expect(await list()).toEqual([FOREIGN]);
	});
});

describe('hearing', () => {
	const hear = async (parameters: HostSettings['parameters'], body: unknown) => {
		const { trigger, url } = await active(parameters);
		const status = await post(url, body);
		return { status, executions: trigger.executions };
	};

	const delivered = { id: 'wamid.1', type: 'message', status: 'delivered', timestamp: '1754400000', recipient_id: '12025550100' };
	const documented = (more: object) => ({
		event: 'messageStatus', messageId: 'wamid.1', status: 'delivered', rank: 3, isFinal: false,
		phone: '12025550100', recipient: '+12025550100', bsuid: null, username: null, contactKey: '12025550100', chatId: '12025550100@c.us', channelId: channel.sandbox.channelId,
		occurredAt: '2025-08-05T13:20:00.000Z', receivedAt: expect.stringMatching(/Z$/), failure: null, category: null, mmLite: null, ...more,
	});
	const named = { deliveredAt: '2025-08-05T13:20:00.000Z' };

	test.each<[string, number, INodeParameters, object]>([
		['the newest version', 3, {}, named],
		['the newest version, raw wanted', 3, { includeRaw: true }, { ...named, raw: delivered }],
		['version 2', 2, {}, { raw: delivered }],
		['version 2, raw not wanted', 2, { includeRaw: false }, { raw: delivered }],
		['version 1', 1, {}, { raw: delivered }],
	])('a hook of the hooks[] form becomes the documented item: %s', async (_, typeVersion, options, more) => {
		const { trigger, url } = await active({ ...all, options }, { typeVersion });
		expect(await post(url, { instanceId: channel.sandbox.channelId, hooks: [delivered] })).toBe(200);
		expect(trigger.executions).toStrictEqual([[documented(more)]]);
	});

	test('each status has its time under its own name, and no status a time that is not its own or not known', async () => {
		const statuses = ['sent', 'failed', 'delivered', 'read'];
		const hooks = statuses.map((status, index) => ({ ...delivered, id: `w${index}`, status, timestamp: `175440000${index}` }));
		const { executions } = await hear(all, { hooks, ack: statuses.map((status, index) => ack(status, `a${index}`)) });
		const times = executions[0]!.map(({ sentAt, deliveredAt, readAt, failedAt }) => ({ sentAt, deliveredAt, readAt, failedAt }));
		expect(times).toStrictEqual([
			...statuses.map((status, index) => ({ sentAt: undefined, deliveredAt: undefined, readAt: undefined, failedAt: undefined, [`${status}At`]: `2025-08-05T13:20:0${index}.000Z` })),
			...statuses.map(() => ({ sentAt: undefined, deliveredAt: undefined, readAt: undefined, failedAt: undefined })),
		]);
		for (const item of executions[0]!) expect(Object.values(item)).not.toContain(undefined);
	});

	test('a failed ack with only a text is explained', async () => {
		const { executions } = await hear(all, { ack: [ack('failed', 'w', { error: "User's number is part of an experiment" })] });
		expect(executions[0]![0]).toMatchObject({
			status: 'failed', isFinal: true, occurredAt: null, channelId: null,
			failure: { code: '130472', action: 'otherChannel', retryable: false },
		});
	});

	test('Meta\'s raw envelope is understood', async () => {
		const errors = [{ code: 131049, title: 'x', message: 'x', error_data: { details: 'more' } }];
		const value = { statuses: [{ id: 'w', status: 'failed', timestamp: '1754400000', recipient_id: '12025550100', errors }] };
		const { executions } = await hear(all, { object: 'whatsapp_business_account', entry: [{ changes: [{ field: 'messages', value }] }] });
		expect(executions[0]![0]).toMatchObject({ messageId: 'w', status: 'failed', failure: { code: '131049', details: 'more', retryAfter: 86_400 } });
	});

	test.each<[string, object, unknown, unknown]>([
		['an ack', { ack: [ack('delivered', 'w', { category: 'marketing_lite', mmLite: true })] }, 'marketing_lite', true],
		['an ack that says no', { ack: [ack('delivered', 'w', { category: 'utility', mmLite: false })] }, 'utility', false],
		['an ack with the category alone', { ack: [ack('delivered', 'w', { category: 'marketing_lite' })] }, 'marketing_lite', true],
		['a price', { hooks: [ack('delivered', 'w', { pricing: { billable: true, category: 'utility' } })] }, 'utility', null],
		['a conversation', { hooks: [ack('delivered', 'w', { conversation: { id: 'c', origin: { type: 'marketing' } } })] }, 'marketing', null],
		['the raw envelope', { entry: [{ changes: [{ value: { statuses: [ack('delivered', 'w', { pricing: { category: 'marketing_lite' } })] } }] }] }, 'marketing_lite', true],
		['nothing', { ack: [ack('delivered', 'w', { category: null, pricing: 7, conversation: [], mmLite: null })] }, null, null],
	])('what a message was billed as is told by %s', async (_, body, category, mmLite) => {
		const { executions } = await hear(all, body);
		expect(executions).toEqual([[expect.objectContaining({ category, mmLite })]]);
	});

	test('statuses of two hidden customers are no repeats of each other, whatever their form', async () => {
		const statuses = ['CO.1', 'US.2'].map((bsuid, index) => ({ id: `w${index}`, status: 'delivered', recipient_user_id: bsuid }));
		const acks = ['CO.1', 'US.2'].map((bsuid, index) => ({ id: `w${index}`, status: 'sent', chatId: `${bsuid}@lid`, bsuid, phone: null, userName: null }));
		const { executions } = await hear(all, { entry: [{ changes: [{ value: { statuses } }] }], ack: acks });
		expect(executions[0]!.map(({ status, phone, bsuid, contactKey, recipient, chatId }) => [status, phone, bsuid, contactKey, recipient, chatId])).toEqual(
			['sent', 'delivered'].flatMap((status) => ['CO.1', 'US.2'].map((bsuid) => [status, null, bsuid, bsuid, bsuid, `${bsuid}@lid`])),
		);
	});

	test('many entries of all forms in one body are one execution', async () => {
		const body = {
			hooks: [ack('sent', 'a')],
			ack: [ack('delivered', 'b'), ack('read', 'c')],
			entry: [{ changes: [{ value: { statuses: [{ id: 'd', status: 'sent' }] } }] }],
		};
		const { executions } = await hear(all, body);
		expect(executions.map((items) => items.map(({ messageId }) => messageId))).toEqual([['a', 'b', 'c', 'd']]);
	});

	test('an unselected status starts nothing, and is answered 200', async () => {
		const { status, executions } = await hear({}, { ack: [ack('sent')] });
		expect([status, executions]).toEqual([200, []]);
	});

	test('by default delivered, failed and read start an execution', async () => {
		const { executions } = await hear({}, { ack: [ack('sent', 'a'), ack('delivered', 'b'), ack('failed', 'c'), ack('viewed', 'd')] });
		expect(executions[0]!.map(({ status }) => status)).toEqual(['delivered', 'failed', 'read']);
	});

	test('a repeat starts nothing, unless repeats are wanted', async () => {
		const { trigger, url } = await active();
		await post(url, { ack: [ack('delivered')] });
		await post(url, { ack: [ack('delivered'), ack('delivered')] });
		expect(trigger.executions).toHaveLength(1);
		const keeping = await active({ ...all, options: { skipRepeats: false } });
		await post(keeping.url, { ack: [ack('delivered')] });
		await post(keeping.url, { ack: [ack('delivered')] });
		expect(keeping.trigger.executions).toHaveLength(2);
	});

	test('a sent after delivered starts nothing, unless late ones are wanted', async () => {
		const body = { ack: [ack('delivered'), ack('sent')] };
		expect((await hear(all, body)).executions[0]).toHaveLength(1);
		expect((await hear({ ...all, options: { skipLate: false } }, body)).executions[0]).toHaveLength(2);
	});

	test('a customer\'s message and our own echo are told apart', async () => {
		const message = (id: string, fromMe: boolean) => ({ id, type: 'chat', body: 'Yes', fromMe, time: 1754400000, chatId: '12025550100@c.us', author: '12025550100@c.us', senderName: 'Ana', quotedMsgId: 'wamid.0' });
		const body = { instanceId: channel.sandbox.channelId, messages: [message('in', false), message('out', true)] };
		const received = await hear({ events: ['messageReceived'] }, body);
		expect(received.executions).toEqual([[expect.objectContaining({ event: 'messageReceived', messageId: 'in', text: 'Yes', phone: '12025550100', senderName: 'Ana', quotedMessageId: 'wamid.0', type: 'chat' })]]);
		const echoed = await hear({ events: ['messageEchoed'] }, body);
		expect(echoed.executions).toEqual([[expect.objectContaining({ event: 'messageEchoed', messageId: 'out' })]]);
	});

	test('a message sent by the node through the channel comes back as sent and delivered', async () => {
		await channel.settings({ sentAfterMs: 10, deliveredAfterMs: 60 });
		const { trigger } = await active();
		const [template] = (await channel.sandbox.call('GET', '/templates')).body.templates;
		const params = [{ type: 'body', parameters: ['a', 'b', 'c', 'd'].map((text) => ({ type: 'text', text })) }];
		const sent = await channel.sandbox.call('POST', '/sendTemplate', {
			phone: '12025550100', template: 'stock_arrival', namespace: template.namespace, language: { policy: 'deterministic', code: 'en' }, params,
		});
		while (trigger.executions.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
		expect(trigger.executions.map(([item]) => [item!.messageId, item!.status])).toEqual([[sent.body.id, 'sent'], [sent.body.id, 'delivered']]);
	});

	test.each([
		['no secret', (url: string) => url.split('?')[0]!],
		['a wrong secret', (url: string) => `${url.split('?')[0]}?secret=wrong`],
		['a prefix of the secret', (url: string) => url.slice(0, -1)],
		['more than the secret', (url: string) => `${url}x`],
		['an empty secret', (url: string) => `${url.split('?')[0]}?secret=`],
		['the secret twice', (url: string) => `${url}&secret=${new URL(url).searchParams.get('secret')}`],
	])('a call with %s is answered 401 and starts nothing', async (_, change) => {
		const { trigger, url } = await active();
		expect(await post(change(url), { ack: [ack('delivered')] })).toBe(401);
		expect(trigger.executions).toEqual([]);
	});

	test('a call after deactivation is answered 401', async () => {
		const { trigger, url } = await active();
		await trigger.deactivate();
		expect(await post(url, { ack: [ack('delivered')] })).toBe(401);
	});

	test('another channel\'s hook starts nothing', async () => {
		const { status, executions } = await hear(all, { instanceId: 'VID999999999', ack: [ack('delivered')] });
		expect([status, executions]).toEqual([200, []]);
	});

	test.each([
		['no JSON', 'hello'],
		['an empty body', ''],
		['a number', '7'],
		['null', 'null'],
		['an array', [ack('delivered')]],
		['wrong types', { hooks: 'x', ack: { 0: ack('delivered') }, messages: 7, entry: null }],
		['entries that are no objects', { ack: [null, 7, 'delivered', [], true] }],
		['fields of wrong types', { ack: [{ id: {}, status: [] }, { id: 'w', status: 7 }, { status: 'delivered' }, { id: 'w', status: 'delivered '.repeat(3) }] }],
		['prototype names as keys and words', '{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"ack":[{"id":"__proto__","status":"constructor"},{"id":"toString","status":"__proto__"}]}'],
		['a deep nest', `${'{"hooks":['.repeat(5000)}${']}'.repeat(5000)}`],
	])('%s is answered 200, starts nothing and breaks nothing', async (_, body) => {
		const { trigger, url } = await active();
		expect(await post(url, body)).toBe(200);
		expect(trigger.executions).toEqual([]);
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
		await post(url, { ack: [ack('delivered', 'after')] });
		expect(trigger.executions).toHaveLength(1);
	});
});
