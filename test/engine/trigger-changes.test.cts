import { useChannel } from '../support/channel.cjs';
import { ack, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
const RAW = { options: { includeRaw: true } };
const CHANGES = { events: ['marketingPreference', 'templateChanged', 'linkClicked', 'accountChanged'] };
const PHONE = '12025550100';
const BSUID = 'CO.1726000000000000';
const ENTRY_AT = { occurredAt: '2025-08-05T13:20:00.000Z' };
const AT = { occurredAt: '2025-08-05T13:21:00.000Z' };
const known = { phone: PHONE, recipient: `+${PHONE}`, bsuid: null, username: null, contactKey: PHONE, chatId: `${PHONE}@c.us` };
const hidden = { phone: null, recipient: BSUID, bsuid: BSUID, username: 'ana.shop', contactKey: BSUID, chatId: `${BSUID}@lid` };
const nobody = { phone: null, recipient: null, bsuid: null, username: null, contactKey: null, chatId: null };
const framed = { channelId: null, receivedAt: expect.stringMatching(/Z$/) };

const envelope = (field: string, value: unknown) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', time: 1754400000, changes: [{ field, value }] }] });

async function heard(body: unknown, parameters: { events: string[] } = CHANGES) {
	const { trigger, url } = await active({ ...parameters, ...RAW });
	expect(await post(url, body)).toBe(200);
	return trigger.executions;
}

describe('a marketing preference', () => {
	const preference = (more: object) => ({ detail: 'User requested to stop marketing messages', category: 'marketing_messages', value: 'stop', timestamp: 1754400060, ...more });

	test.each<[string, object, unknown[], object]>([
		['of a phone', { wa_id: PHONE }, [{ wa_id: PHONE, profile: { name: 'Ana' } }], known],
		['of a phone, its user ID beside it', { wa_id: PHONE }, [{ wa_id: PHONE, user_id: BSUID, profile: { username: 'ana.shop' } }], { ...known, bsuid: BSUID, username: 'ana.shop' }],
		['of a hidden customer', { user_id: BSUID }, [{ user_id: BSUID, profile: { username: 'ana.shop' } }], hidden],
		['of the only one beside it', {}, [{ user_id: BSUID, profile: { username: 'ana.shop' } }], hidden],
		['of nobody, with two beside it', {}, [{ user_id: BSUID }, { wa_id: PHONE }], nobody],
		['of one who is none of those beside it', { user_id: 'US.9' }, [{ user_id: BSUID, profile: { username: 'ana.shop' } }], { bsuid: 'US.9', username: null, contactKey: 'US.9' }],
	])('%s', async (_, who, contacts, customer) => {
		const element = preference(who);
		expect(await heard(envelope('user_preferences', { contacts, user_preferences: [element] }))).toEqual([
			[expect.objectContaining({ event: 'marketingPreference', preference: 'stop', details: 'User requested to stop marketing messages', ...customer, ...AT, ...framed, raw: element })],
		]);
	});

	test('that is resumed, or has a word of its own, says so', async () => {
		const [items] = await heard(envelope('user_preferences', { user_preferences: [preference({ value: 'RESUME' }), preference({ value: 'less', timestamp: undefined }), preference({ value: '' })] }));
		expect(items!.map(({ preference: word, occurredAt }) => [word, occurredAt])).toEqual([['resume', AT.occurredAt], ['less', null]]);
	});
});

describe('a template that changes', () => {
	const template = { message_template_id: 1_234_567_890, message_template_name: 'stock_arrival', message_template_language: 'en' };
	const item = { event: 'templateChanged', template: 'stock_arrival', language: 'en', templateId: '1234567890', ...ENTRY_AT, ...framed };
	const nothing = { status: null, category: null, previousCategory: null, nextCategory: null, quality: null, previousQuality: null, reason: null, details: null, effectiveAt: null };

	test.each<[string, string, object, object]>([
		['approved', 'message_template_status_update', { event: 'APPROVED', message_template_category: 'UTILITY', reason: 'NONE' }, { change: 'status', status: 'APPROVED', category: 'UTILITY' }],
		['rejected', 'message_template_status_update', { event: 'REJECTED', reason: 'INVALID_FORMAT', rejection_info: { reason: 'Longer', recommendation: 'Shorten it' } }, { change: 'status', status: 'REJECTED', reason: 'INVALID_FORMAT', details: 'Shorten it' }],
		['paused', 'message_template_status_update', { event: 'PAUSED', reason: 'NONE', other_info: { title: 'FIRST_PAUSE', description: 'Paused for three hours' } }, { change: 'status', status: 'PAUSED', reason: 'FIRST_PAUSE', details: 'Paused for three hours' }],
		['disabled', 'message_template_status_update', { event: 'DISABLED', disable_info: { disable_date: 1754400060 } }, { change: 'status', status: 'DISABLED', effectiveAt: AT.occurredAt }],
		['another quality', 'message_template_quality_update', { previous_quality_score: 'GREEN', new_quality_score: 'YELLOW' }, { change: 'quality', quality: 'YELLOW', previousQuality: 'GREEN' }],
		['another category', 'template_category_update', { previous_category: 'UTILITY', new_category: 'MARKETING' }, { change: 'category', category: 'MARKETING', previousCategory: 'UTILITY' }],
		[
			'another category tomorrow', 'template_category_update', { new_category: 'UTILITY', correct_category: 'MARKETING', category_update_timestamp: 1754400060 },
			{ change: 'categoryAnnounced', category: 'UTILITY', nextCategory: 'MARKETING', effectiveAt: AT.occurredAt },
		],
	])('%s', async (_, field, value, told) => {
		expect(await heard(envelope(field, { ...template, ...value }))).toStrictEqual([[{ ...item, ...nothing, ...told, raw: { field, value: { ...template, ...value } } }]]);
	});
});

describe('a click', () => {
	const action = (more: object, data: object = {}) => ({
		action_type: 'marketing_messages_link_click', timestamp: '1754400060', ...more,
		marketing_messages_link_click_data: { click_component: 'cta', click_id: 'click-1', tracking_token: 'track-1', ...data },
	});

	test.each<[string, object, object]>([
		['by the customer beside it', { contacts: [{ wa_id: PHONE }], user_actions: [action({})] }, { ...known, messageId: null, productId: null, url: null }],
		['by a customer it names', { contacts: [{ wa_id: '12025550111' }, { user_id: BSUID, profile: { username: 'ana.shop' } }], user_actions: [action({ user_id: BSUID })] }, hidden],
		['by nobody it names', { user_actions: [action({})] }, nobody],
		['with all that it may tell', { contacts: [{ wa_id: PHONE }], user_actions: [action({ message_id: 'wamid.1' }, { product_id: 'sku-7', url: 'https://shop.example/confirm' })] }, { messageId: 'wamid.1', productId: 'sku-7', url: 'https://shop.example/confirm' }],
	])('%s', async (_, value, told) => {
		expect(await heard(envelope('messages', value))).toEqual([[expect.objectContaining({ event: 'linkClicked', clickId: 'click-1', component: 'cta', ...AT, ...framed, ...told })]]);
	});
});

describe('an account that changes', () => {
	const nothing = { restriction: null, until: null, violation: null, limit: null, previousLimit: null, severity: null, details: null, channelPhone: null };

	test.each<[string, string, object, object]>([
		[
			'restricted', 'account_update',
			{ event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 1754400000 }, { restriction_type: 'RESTRICTED_ADD_PHONE', expiration: 1754400060 }] },
			{ change: 'ACCOUNT_RESTRICTION', restriction: 'RESTRICTED_BIZ_INITIATED_MESSAGING, RESTRICTED_ADD_PHONE', until: AT.occurredAt },
		],
		['blamed', 'account_update', { event: 'ACCOUNT_VIOLATION', violation_type: 'SPAM' }, { change: 'ACCOUNT_VIOLATION', violation: 'SPAM' }],
		['reconnected', 'account_update', { event: 'ACCOUNT_RECONNECTED' }, { change: 'ACCOUNT_RECONNECTED' }],
		['with another limit', 'phone_number_quality_update', { display_phone_number: '+1 202-555-0199', event: 'THROUGHPUT_UPGRADE', old_limit: 'TIER_1K', current_limit: 'TIER_10K' }, { change: 'THROUGHPUT_UPGRADE', limit: 'TIER_10K', previousLimit: 'TIER_1K', channelPhone: '12025550199' }],
		['with an alert', 'account_alerts', { entity_type: 'WABA', alert_info: { alert_severity: 'WARNING', alert_type: 'OBA_DENIED', alert_description: 'No' } }, { change: 'OBA_DENIED', severity: 'WARNING', details: 'No' }],
	])('%s', async (_, field, value, told) => {
		expect(await heard(envelope(field, value))).toStrictEqual([[{ event: 'accountChanged', ...nothing, ...told, ...ENTRY_AT, ...framed, raw: { field, value } }]]);
	});
});

const one = [
	envelope('user_preferences', { user_preferences: [{ wa_id: PHONE, value: 'stop' }] }),
	envelope('message_template_status_update', { message_template_name: 'stock_arrival', event: 'PAUSED' }),
	envelope('messages', { user_actions: [{ action_type: 'marketing_messages_link_click' }] }),
	envelope('account_update', { event: 'ACCOUNT_DELETED' }),
];

test.each(CHANGES.events.map((event, index) => [event, index] as const))('%s starts an execution only where it is chosen', async (event, index) => {
	const others = CHANGES.events.filter((other) => other !== event);
	expect(await heard(one[index], { events: [...others, 'messageStatus', 'messageReceived', 'messageEchoed'] })).toEqual([]);
	expect(await heard(one[index], { events: [event] })).toEqual([[expect.objectContaining({ event })]]);
});

test('changes of all kinds in one body are one execution, beside a status', async () => {
	const entry = [...one, envelope('messages', { statuses: [{ id: 'w', status: 'read' }] })].flatMap((body) => body.entry);
	const executions = await heard({ entry, ack: [ack('read', 'v')] }, { events: [...CHANGES.events, 'messageStatus'] });
	expect(executions.map((items) => items.map(({ event }) => event))).toEqual([['messageStatus', ...CHANGES.events, 'messageStatus']]);
});

test.each<[string, unknown]>([
	['a call', { type: 'calls', instanceId: 'x', event: 'connect', calls: [{ id: 'wacid.1' }] }],
	['a call of the raw form', envelope('calls', { calls: [{ id: 'wacid.1', event: 'connect' }], statuses: [{ id: 'wacid.1', type: 'call', status: 'read' }] })],
	['a field that nobody knows', envelope('flows', { event: 'FLOW_STATUS_CHANGE' })],
	['a field without its value', envelope('account_update', null)],
	['values of other types', envelope('user_preferences', { user_preferences: [null, 7, 'stop', { value: {} }], contacts: 'x', user_actions: {} })],
	['a template without a name', envelope('message_template_status_update', { event: 'PAUSED' })],
	['lists that are none', { entry: [{ changes: { field: 'account_update' } }, { changes: [[], 'x', { field: [], value: [] }] }] }],
])('%s is answered 200 and starts nothing', async (_, body) => {
	expect(await heard(body, { events: [...CHANGES.events, 'messageStatus', 'messageReceived', 'messageEchoed'] })).toEqual([]);
});
