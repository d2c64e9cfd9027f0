import { type Sandbox, startSandbox } from '../support/sandbox.cts';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control('POST', '/clear', { all: true }));

const INBOX = 'https://app.1msg.io/service/inbox';
const MINE = 'http://127.0.0.1:9/a?secret=1,2';
const list = async () => (await sandbox.call('GET', '/webhook')).body.webhookUrl;
const post = (webhookUrl: unknown) => sandbox.call('POST', '/webhook', { webhookUrl });

it('the list starts with an inbox that is not ours', async () => {
	expect((await sandbox.call('GET', '/webhook')).body).toMatchObject({ webhookUrl: INBOX, webhookStatuses: [{ url: INBOX, circuitState: 'ok' }] });
});

it('POST /webhook replaces it: one URL, an array, or a form', async () => {
	expect((await post(MINE)).body).toEqual({ set: true, webhookUrl: MINE });
	expect(await list()).toBe(MINE);
	expect((await post([INBOX, MINE])).body).toEqual({ set: true, webhookUrl: [INBOX, MINE] });
	expect(await list()).toEqual([INBOX, MINE]);
	await sandbox.call('POST', '/webhook', `webhookUrl=${encodeURIComponent(MINE)}`, { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${sandbox.token}` });
	expect(await list()).toBe(MINE);
});

it.each([[''], [[]], [undefined], [7], ['nonsense'], ['ftp://a.example'], [[1, 2, 3, 4, 5, 6].map((n) => `https://a.example/${n}`)]])(
	'POST /webhook rejects %j and keeps the list',
	async (value) => {
		expect(await post(value)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
		expect(await list()).toBe(INBOX);
	},
);

it('five URLs are allowed', async () => {
	expect((await post([1, 2, 3, 4, 5].map((n) => `https://a.example/${n}`))).status).toBe(200);
});

it('the list is shown as an array or a comma-joined text when the settings say so', async () => {
	await post([INBOX, MINE]);
	await sandbox.control('POST', '/settings', { webhookShape: 'comma' });
	expect(await list()).toBe(`${INBOX},${MINE}`);
	expect((await post(`${INBOX},${MINE}`)).body).toEqual({ set: true, webhookUrl: `${INBOX},${MINE}` });
	await post(MINE);
	await sandbox.control('POST', '/settings', { webhookShape: 'array' });
	expect(await list()).toEqual([MINE]);
});

it('the states are shown in their older forms: a map, booleans, an array or not at all', async () => {
	const shapes = [];
	for (const webhookStatuses of ['map', 'booleans', 'array', 'none']) {
		await sandbox.control('POST', '/settings', { webhookStatuses });
		const { webhookUrl, ...states } = (await sandbox.call('GET', '/webhook')).body;
		expect(webhookUrl).toBe(INBOX);
		shapes.push(states);
	}
	expect(shapes).toEqual([
		{ webhookStatuses: { [INBOX]: 'enabled' } },
		{ webhookStatuses: { [INBOX]: true } },
		{ webhookStatuses: [{ url: INBOX, status: 'enabled' }] },
		{},
	]);
});

it('POST /settings clears the list with an empty text and says what it changed', async () => {
	const { body } = await sandbox.call('POST', '/settings', { webhookUrl: '', ackNotificationsOn: true, nonsense: 1 });
	expect(body).toMatchObject({ webhookUrl: '', ackNotificationsOn: true, guaranteedHooks: true, update: { webhookUrl: '', ackNotificationsOn: true } });
	expect(body.update).not.toHaveProperty('nonsense');
	expect((await sandbox.call('GET', '/settings')).body).toEqual({
		webhookUrl: '',
		ackNotificationsOn: true,
		guaranteedHooks: true,
		rawHooks: false,
		template_analytics_enabled: false,
		cta_url_link_tracking_opted_out: false,
		haveDisabledWebhooks: false,
		webhookStatuses: [],
		disabledWebhooks: [],
	});
});

it('another program can change the list', async () => {
	expect((await sandbox.control('POST', '/webhooks', { urls: [MINE] })).body).toEqual({ urls: [MINE] });
	expect(await list()).toBe(MINE);
	await sandbox.control('POST', '/clear', { all: true });
	expect(await list()).toBe(INBOX);
});
