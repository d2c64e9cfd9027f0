import { useChannel } from '../support/channel.cjs';
import { ack, ALL_STATUSES, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
const MIB = 1024 * 1024;

test.each([
	['a body of more than 16 MiB', `{"ack":[{"id":"w","status":"delivered","more":"${'x'.repeat(16 * MIB)}"}]}`],
	['more than 100,000 entries', `{"ack":[${'0,'.repeat(100_000)}0]}`],
	['more than 100,000 entries in an envelope', `{"entry":[{"changes":[{"value":{"statuses":[${'0,'.repeat(100_000)}0]}}]}]}`],
	['more than 100,000 changes', `{"entry":[{"changes":[${'0,'.repeat(100_000)}0]}]}`],
])('%s is refused with 413 and a line in the log', async (_, body) => {
	const { trigger, url } = await active();
	expect(await post(url, body)).toBe(413);
	expect(trigger.executions).toEqual([]);
	expect(trigger.log).toContainEqual(expect.stringMatching(/^warn: 1MSG Trigger: rejected a body with more than \d+ (bytes|entries)/));
});

test('50,000 entries are one execution', async () => {
	const { trigger, url } = await active();
	expect(await post(url, { ack: Array.from({ length: 50_000 }, (_, index) => ack('delivered', `wamid.${index}`)) })).toBe(200);
	expect(trigger.executions.map((items) => items.length)).toEqual([50_000]);
});

test('a caller without the secret learns nothing from the size', async () => {
	const { trigger, url } = await active();
	expect(await post(url.split('?')[0]!, `{"ack":["${'x'.repeat(16 * MIB)}"]}`)).toBe(401);
	expect(trigger.log.join()).not.toContain('rejected a body');
});

test('a status nested too deep for n8n to save is received without the nested part', async () => {
	const { trigger, url } = await active({ ...ALL_STATUSES, options: { includeRaw: true } });
	const nest = `${'{"a":['.repeat(20_000)}${']}'.repeat(20_000)}`;
	expect(await post(url, `{"ack":[{"id":"w","status":"delivered","more":${nest}},{"id":"v","status":"delivered","more":[[1]]}]}`)).toBe(200);
	expect(trigger.executions).toEqual([[
		expect.objectContaining({ messageId: 'w', status: 'delivered', raw: null }),
		expect.objectContaining({ messageId: 'v', raw: expect.objectContaining({ more: [[1]] }) }),
	]]);
	expect(() => JSON.stringify(trigger.executions)).not.toThrow();
});

test('a replayed body starts one execution, however often it comes', async () => {
	const { trigger, url } = await active();
	const body = { ack: [ack('delivered', 'a'), ack('failed', 'b')] };
	expect(new Set(await Promise.all(Array.from({ length: 50 }, async () => await post(url, body))))).toEqual(new Set([200]));
	expect(trigger.executions).toHaveLength(1);
});

test.each([
	['kinds of its own', { surveys: [{ id: 'c' }], type: 'surveys' }, 1],
	['statuses nobody knows', { ack: [ack('pending'), ack('deleted')] }, 2],
	['other fields of the envelope', { entry: [{ changes: [{ field: 'message_template_status_update', value: { event: 'APPROVED' } }] }] }, 1],
	['entries of no kind', { ack: [null, 7], messages: ['x'], entry: [null, { changes: [null] }] }, 5],
])('%s start nothing and are counted in a line of the log', async (_, body, count) => {
	const { trigger, url } = await active();
	expect(await post(url, body)).toBe(200);
	expect(trigger.executions).toEqual([]);
	expect(trigger.log).toContainEqual(`debug: 1MSG Trigger: skipped ${count} entries of unknown kind and 0 of another channel.`);
});

test('known entries among unknown ones still start an execution', async () => {
	const { trigger, url } = await active(ALL_STATUSES);
	await post(url, { ack: [ack('pending'), ack('delivered'), null], calls: [] });
	expect(trigger.executions).toEqual([[expect.objectContaining({ status: 'delivered' })]]);
});

test('an empty list and a call do not count as unknown', async () => {
	const { trigger, url } = await active();
	await post(url, { ack: [] });
	await post(url, { type: 'calls', calls: [{ id: 'c' }] });
	expect(trigger.log.filter((line) => line.includes('unknown kind'))).toEqual([]);
});
