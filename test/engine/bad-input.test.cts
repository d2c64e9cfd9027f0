import { arrival, runNode } from '../support/run-node.cjs';
import { useChannel } from '../support/channel.cjs';
import { loadPackage } from '../support/package.cjs';

const channel = useChannel();

const name = (value: string, options = {}) => ({ template: { __rl: true, mode: 'name', value }, options });

const BAD = [
	['an empty phone', { phone: '={{ "" }}' }, 'invalid-phone'],
	['a blank phone', { phone: ' \t ' }, 'invalid-phone'],
	['a phone that is missing', { phone: '={{ $json.nothing }}' }, 'invalid-phone'],
	['a phone with letters', { phone: '+7 912 CALL ME' }, 'invalid-phone'],
	['a phone that is too short', { phone: '+7 912' }, 'invalid-phone'],
	['a phone that is too long', { phone: '+7 912 345 67 89 012 345' }, 'invalid-phone'],
	['a national phone without its country', { phone: '8 912 345-67-89' }, 'invalid-phone'],
	['a national phone with a trunk zero', { phone: '0151 23456789' }, 'invalid-phone'],
	['a national phone in brackets', { phone: '(202) 555-0100' }, 'invalid-phone'],
	['a phone that is an object', { phone: '={{ { number: 1 } }}' }, 'invalid-phone'],
	['a default country that is none', { options: { defaultCountry: 'XX' } }, 'invalid-country'],
	...['customerName', 'orderReference', 'productName', 'nextStep'].flatMap((field) => [
		[`${field} empty`, { [field]: '={{ "" }}' }, 'empty-variable'],
		[`${field} blank`, { [field]: ' \n\u200b ' }, 'empty-variable'],
		[`${field} null`, { [field]: '={{ null }}' }, 'empty-variable'],
		[`${field} missing`, { [field]: '={{ $json.nothing }}' }, 'empty-variable'],
		[`${field} an object`, { [field]: '={{ { a: 1 } }}' }, 'invalid-variable'],
		[`${field} a list`, { [field]: '={{ [1, 2] }}' }, 'invalid-variable'],
	]),
	['values longer than a message', { productName: 'x'.repeat(1100) }, 'text-too-long'],
	['no template', name('={{ "" }}'), 'template-missing'],
	['a template name with forbidden characters', name('Stock Arrival'), 'invalid-template-name'],
	['a template that is not there', name('no_such_template'), 'template-not-found'],
	['a template that is not there in the language', name('stock_arrival|fr'), 'template-not-found'],
	['a template in several languages without one named', name('stock_arrival'), 'template-ambiguous'],
	['a template that is pending', name('stock_arrival_pending'), 'template-not-approved'],
	['a template that was rejected', name('stock_arrival_rejected'), 'template-not-approved'],
	['a template that is paused', name('stock_arrival_paused'), 'template-not-approved'],
	['a template that is disabled', name('stock_arrival_disabled'), 'template-not-approved'],
	['a namespace that is not the template\'s', name('stock_arrival|en', { namespace: 'nobodys_namespace' }), 'namespace-unknown'],
	['a timeout of nothing', { options: { timeout: -1 } }, 'invalid-option'],
	['a time to live that WhatsApp does not know', { options: { timeToLive: 5 } }, 'invalid-option'],
	...['yes', 'ON', '={{ true }}', '={{ 1 }}', '={{ "" }}', '={{ null }}', '={{ $json.nothing }}', '={{ ["on"] }}'].map((useMarketingMessages) => [`a way over Marketing Messages of ${useMarketingMessages}`, { options: { useMarketingMessages } }, 'invalid-option']),
	...['wamid.', '12345', 'HBgLQQ==', 'wamid.a b', 'x wamid.a', '={{ 5 }}', '={{ true }}', '={{ { id: "wamid.a" } }}', '={{ ["wamid.a"] }}'].map((quotedMessageId) => [`a quoted message of ${quotedMessageId}`, { options: { quotedMessageId } }, 'invalid-option']),
] as Array<[string, Record<string, never>, string]>;

test.each(BAD)('%s: nothing is sent, and the error says what to do', async (_, overrides, code) => {
	const { error, items } = await runNode({ parameters: arrival(overrides), credential: channel.credential });
	expect(items).toEqual([]);
	expect(error.name).toBe('NodeOperationError');
	expect(error.context).toMatchObject({ itemIndex: 0, data: { code } });
	expect(error.message).toMatch(/\S{2}/);
	expect(error.description).toMatch(/^Nothing was sent\. \S{2}/);
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

test.each(BAD)('%s: other items are unaffected where the node continues', async (_, overrides, code) => {
	// Only the middle item has the bad value.
	const pick = (wrong: unknown, right: unknown) => {
		const inner = typeof wrong === 'string' && wrong.startsWith('={{') ? wrong.slice(3, -2) : JSON.stringify(wrong);
		return `={{ $json.bad ? (${inner}) : ${JSON.stringify(right)} }}`;
	};
	const good = arrival() as Record<string, unknown>;
	const mixed: Record<string, unknown> = {};
	for (const [field, bad] of Object.entries(overrides) as Array<[string, unknown]>) {
		if (field === 'template') {
			const value = pick((bad as { value: string }).value, (good.template as { value: string }).value);
			mixed.template = { __rl: true, mode: 'name', value };
		} else if (field === 'options') {
			mixed.options = Object.fromEntries(Object.entries(bad as object).map(([option, wrong]) => [option, pick(wrong, option === 'useMarketingMessages' ? 'default' : '')]));
		} else {
			mixed[field] = pick(bad, good[field]);
		}
	}
	const { items, errors, error } = await runNode({
		parameters: arrival(mixed as never),
		credential: channel.credential,
		items: [{ bad: false }, { bad: true, kept: 'yes' }, { bad: false }],
		onError: 'continueErrorOutput',
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.outcome)).toEqual(['accepted', 'accepted']);
	expect(errors).toHaveLength(1);
	expect(errors[0]!.json).toMatchObject({ error: { code, retryable: false, itemIndex: 1, httpCode: null }, kept: 'yes' });
	expect(await channel.calls('sendTemplate')).toHaveLength(2);
});

test.each(['phone', 'customerName', 'orderReference', 'productName', 'nextStep'])('a field %s that was never filled is n8n\'s own complaint, before the run', async (field) => {
	await expect(runNode({ parameters: arrival({ [field]: '' }), credential: channel.credential })).rejects.toThrow(/has issues/);
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

test('if the node stops on errors, one bad item prevents all sends', async () => {
	const { error } = await runNode({
		parameters: arrival({ phone: '={{ $json.phone }}' }),
		credential: channel.credential,
		items: [{ phone: '+12025550100' }, { phone: '+12025550100' }, { phone: 'nobody' }],
	});
	expect(error.context.itemIndex).toBe(2);
	expect(await channel.calls('sendTemplate')).toHaveLength(0);
});

test('a template with other parts is refused, naming the differences', async () => {
	const templates = (await channel.sandbox.call('GET', '/templates')).body.templates as Array<{ name: string; language: string | object; status: string }>;
	const others = templates.filter(({ name, status, language }) => !name.startsWith('stock_arrival') && /approved/i.test(status) && typeof language === 'string');
	expect(others.length).toBeGreaterThan(10);
	const messages = [];
	for (const other of others) {
		const { error } = await runNode({ parameters: arrival(name(`${other.name}|${String(other.language)}`) as never), credential: channel.credential });
		if (error?.context.data.code === 'template-does-not-fit') messages.push(error.message as string);
	}
	const all = messages.join('\n');
	for (const piece of ['its header has a variable', 'its header wants an image', 'named variables', 'variables, not four', 'has a variable']) {
		expect(all).toContain(piece);
	}
});

test.each([
	['no token', { apiToken: '' }, 'token-missing'],
	['no channel ID', { channelId: '' }, 'channel-id-missing'],
	['a channel ID with a slash', { channelId: '../admin' }, 'channel-id-missing'],
	['a base URL that is no URL', { baseUrl: 'api.1msg.io' }, 'invalid-base-url'],
	['a base URL of another scheme', { baseUrl: 'ftp://api.1msg.io' }, 'invalid-base-url'],
])('a credential with %s stops the node before anything is sent', async (_, fields, code) => {
	const { error } = await runNode({ parameters: arrival(), credential: { ...channel.credential, ...fields } });
	expect(error.context.data).toMatchObject({ code });
	const continued = await runNode({
		parameters: arrival(),
		credential: { ...channel.credential, ...fields },
		items: [{}, {}],
		onError: 'continueRegularOutput',
	});
	expect(continued.items.map(({ json }) => (json.error as { code: string }).code)).toEqual([code, code]);
	expect(await channel.calls('')).toHaveLength(0);
});

test('a wrong token is reported, and never shown', async () => {
	const apiToken = 'a-token-that-is-not-right';
	const { error, saved } = await runNode({ parameters: arrival(), credential: { ...channel.credential, apiToken } });
	expect(error.name).toBe('NodeApiError');
	expect(error.context.data).toMatchObject({ code: 'token-rejected', action: 'alertPerson' });
	expect(error.httpCode).toBe('401');
	expect(saved).not.toContain(apiToken);
});

test.each([
	['a send', arrival()],
	['a status', { operation: 'getMessageStatus', messageId: 'wamid.1' }],
	['the templates', { resource: 'template', operation: 'getMany' }],
	['the channel', { resource: 'channel', operation: 'getChannelStatus' }],
	['the webhooks', { resource: 'channel', operation: 'getWebhooks' }],
])('the words of a wrong token are those of the credential test, not 1MSG\'s advice to put it into the URL: %s', async (_, parameters) => {
	const { error, saved } = await runNode({ parameters, credential: { ...channel.credential, apiToken: 'wrong' } });
	const rule = (await loadPackage()).credential.test!.rules!.find(({ properties }) => (properties as { value: unknown }).value === 401)!;
	expect(`The token was rejected. ${error.description.replace('Nothing was sent. ', '')}`).toBe(rule.properties.message);
	expect(error.message).toBe('The token was rejected: It is wrong, or belongs to another channel.');
	expect(saved).not.toMatch(/GET parameter/i);
});

test.each([
	['pasted with Bearer', () => ({ apiToken: `Bearer ${channel.sandbox.token}` })],
	['with instance before the ID', () => ({ channelId: `instance${channel.sandbox.channelId}` })],
	['with a slash behind the base URL', () => ({ baseUrl: `${channel.sandbox.baseUrl}/` })],
	['with the channel pasted behind the base URL', () => ({ baseUrl: `${channel.sandbox.baseUrl}/${channel.sandbox.channelId}/` })],
	['with the channel only behind the base URL', () => ({ channelId: '', baseUrl: `${channel.sandbox.baseUrl}/${channel.sandbox.channelId}` })],
])('a credential %s works', async (_, fields) => {
	const { items } = await runNode({ parameters: arrival(), credential: { ...channel.credential, ...fields() } });
	expect(items[0]!.json.outcome).toBe('accepted');
});
