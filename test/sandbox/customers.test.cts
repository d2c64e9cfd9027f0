import { useSandboxWithReceiver } from '../support/sandbox-with-receiver.cts';
import { bodyOf, stockArrival } from '../support/stock-arrival.cts';

// Customers with and without a phone: 1msg-contract-2.md, sections 3 and 4.

const { sandbox, receiver } = useSandboxWithReceiver({ sentAfterMs: 0, deliveredAfterMs: 5 });

const KNOWN = '12025550130';
const HIDDEN = '12025550131';
const HIDDEN_ID = 'US.1726000000000131';

const set = (settings: object) => sandbox.control('POST', '/settings', settings);
const raw = (beside = false) => Promise.all([sandbox.call('POST', '/settings', { rawHooks: true }), set({ rawHooksBeside: beside })]);
const customer = async (body: object) => (await sandbox.control('POST', '/customers', body)).body;
const write = (who: object, text = 'Hi') => sandbox.control('POST', '/inbound', { ...who, text });
const send = (recipient: Record<string, unknown>, changes: Record<string, unknown> = {}) => sandbox.call('POST', '/sendTemplate', { ...stockArrival('', changes), phone: undefined, ...recipient });
const bodies = async (count: number) => (await receiver.until(({ length }) => length >= count)).map(({ body }) => body);
const valueOf = (body: { entry: Array<{ changes: Array<{ value: Record<string, unknown> }> }> }) => body.entry[0]?.changes[0]?.value;

describe('a customer who writes', () => {
	it('is named by phone and user ID; by username once they have one', async () => {
		await write({ phone: '12025550150' });
		await write({ phone: KNOWN });
		const [plain, named] = (await bodies(2)).map(({ messages }) => messages[0]);
		expect(plain).toMatchObject({ chatId: '12025550150@c.us', author: '12025550150@c.us', authorBsuid: expect.stringMatching(/^US\.\d{16}$/), authorUserName: null });
		expect(named).toMatchObject({ chatId: `${KNOWN}@c.us`, authorBsuid: 'US.1726000000000130', authorUserName: 'anna.b', senderName: 'Anna' });
	});

	it('from behind a username has no digits of the phone anywhere', async () => {
		await write({ phone: HIDDEN });
		const [body] = await bodies(1);
		expect(body.messages[0]).toMatchObject({ chatId: `${HIDDEN_ID}@lid`, author: `${HIDDEN_ID}@lid`, authorBsuid: HIDDEN_ID, authorUserName: 'boris.k' });
		expect(JSON.stringify(body)).not.toContain(HIDDEN);
		expect(Buffer.from(body.messages[0].id.replace('wamid.', ''), 'base64').toString()).not.toContain(HIDDEN);
		expect((await sandbox.call('GET', `/messages?chatId=${HIDDEN_ID}@lid`)).body.messages).toMatchObject([{ chatId: `${HIDDEN_ID}@lid` }]);
		expect((await sandbox.call('GET', `/messages?chatId=${HIDDEN}@c.us`)).body.messages).toEqual([]);
	});

	it('is named in the raw envelope', async () => {
		await raw();
		await write({ phone: KNOWN });
		await write({ phone: HIDDEN });
		const [known, hidden] = (await bodies(2)).map(valueOf);
		expect(known).toMatchObject({
			contacts: [{ profile: { name: 'Anna', username: 'anna.b' }, wa_id: KNOWN, user_id: 'US.1726000000000130' }],
			messages: [{ from: KNOWN, from_user_id: 'US.1726000000000130' }],
		});
		expect(hidden?.contacts).toEqual([{ profile: { name: 'Boris', username: 'boris.k' }, user_id: HIDDEN_ID }]);
		expect(hidden?.messages).toMatchObject([{ from_user_id: HIDDEN_ID }]);
		expect(JSON.stringify(hidden)).not.toContain(HIDDEN);
	});

	it('may be known by the user ID or the username alone', async () => {
		await write({ bsuid: 'CO.1726000000000001' });
		await write({ username: '@new.one' });
		const [byId, byName] = (await bodies(2)).map(({ messages }) => messages[0]);
		expect(byId).toMatchObject({ chatId: 'CO.1726000000000001@lid', authorUserName: null });
		expect(byName).toMatchObject({ chatId: expect.stringMatching(/^ZZ\.\d{16}@lid$/), authorUserName: 'new.one' });
		expect((await sandbox.call('POST', '/sendMessage', { username: 'new.one', body: 'Hello' })).body.sent).toBe(true);
	});

	it('is named without user IDs where the settings say so', async () => {
		await set({ userIds: false });
		await write({ phone: KNOWN });
		const [{ messages }] = await bodies(1);
		expect(messages[0]).toMatchObject({ chatId: `${KNOWN}@c.us`, authorBsuid: null, authorUserName: null });
	});
});

describe('a send to a customer without a phone', () => {
	it.each([
		[{ phone: HIDDEN_ID }, `${HIDDEN_ID}@lid`],
		[{ bsuid: HIDDEN_ID }, `${HIDDEN_ID}@lid`],
		[{ chatId: `${HIDDEN_ID}@lid` }, `${HIDDEN_ID}@lid`],
		[{ username: 'Boris.K' }, 'Boris.K@username'],
		[{ chatId: 'boris.k@username' }, 'boris.k@username'],
	])('%j reaches them, and their status names no phone', async (recipient, chatId) => {
		await set({ hookForm: 'both', hookBatch: 10 });
		expect((await send(recipient)).body).toMatchObject({ sent: true, message: `Sent to ${chatId}` });
		const [body] = (await receiver.until((all) => all.some(({ body: { ack, hooks } }) => ack?.length === 2 && hooks?.length === 2))).map((hook) => hook.body);
		for (const ack of body.ack) expect(ack).toMatchObject({ chatId: `${HIDDEN_ID}@lid`, phone: null, bsuid: HIDDEN_ID, userName: 'boris.k' });
		for (const hook of body.hooks) {
			expect(hook.recipient_user_id).toBe(HIDDEN_ID);
			expect(hook).not.toHaveProperty('recipient_id');
		}
		expect((await sandbox.control('GET', `/messages?phone=${HIDDEN}`)).body.total).toBe(1);
	});

	it('sent to the phone, the phone stays visible', async () => {
		await set({ hookForm: 'ack' });
		await send({ phone: HIDDEN });
		const [{ ack }] = await bodies(1);
		expect(ack[0]).toMatchObject({ chatId: `${HIDDEN}@c.us`, phone: HIDDEN, bsuid: HIDDEN_ID });
	});

	it.each([['absent', undefined], ['bsuid', HIDDEN_ID]])('ack.phone may be %s', async (hiddenAckPhone, phone) => {
		await set({ hookForm: 'ack', hiddenAckPhone });
		await send({ bsuid: HIDDEN_ID });
		const [{ ack }] = await bodies(1);
		expect(ack[0].phone).toBe(phone);
	});

	it('names a contact in the raw envelope: the username in delivered and read alone', async () => {
		await raw();
		await send({ bsuid: HIDDEN_ID });
		const [sent, delivered] = (await bodies(2)).map(valueOf);
		expect(sent).toMatchObject({ contacts: [{ user_id: HIDDEN_ID }], statuses: [{ status: 'sent', recipient_user_id: HIDDEN_ID }] });
		expect(sent?.contacts).toEqual([{ profile: { name: 'Boris' }, user_id: HIDDEN_ID }]);
		expect(delivered?.contacts).toEqual([{ profile: { name: 'Boris', username: 'boris.k' }, user_id: HIDDEN_ID }]);
		expect(delivered?.statuses).not.toHaveProperty('0.recipient_id');
	});

	it('that fails has no contact; the user ID only where it was the address', async () => {
		await raw();
		await customer({ phone: '12025550101', bsuid: 'US.1726000000000199', hidesPhone: true });
		await send({ phone: '12025550101' });
		const [, toPhone] = (await bodies(2)).map(valueOf);
		expect(toPhone?.statuses).toMatchObject([{ status: 'failed', recipient_id: '12025550101' }]);
		expect(toPhone?.statuses).not.toHaveProperty('0.recipient_user_id');
		await send({ bsuid: 'US.1726000000000199' });
		const [, , , toId] = (await bodies(4)).map(valueOf);
		expect(toId).not.toHaveProperty('contacts');
		expect(toId?.statuses).toMatchObject([{ status: 'failed', recipient_user_id: 'US.1726000000000199' }]);
		expect(toId?.statuses).not.toHaveProperty('0.recipient_id');
	});

	it.each([
		[{ userIdRouting: false }, { phone: HIDDEN_ID }, 'bsuid routing is disabled'],
		[{ userIdRouting: false }, { bsuid: HIDDEN_ID }, 'bsuid routing is disabled'],
		[{ usernameRouting: false }, { username: 'boris.k' }, 'username routing is disabled'],
		[{}, { username: 'nobody' }, 'username is not found'],
		[{}, { chatId: 'nobody@username' }, 'username is not found'],
	])('with %j, %j is refused in words', async (settings, recipient, message) => {
		await set(settings);
		expect(await send(recipient)).toMatchObject({ status: 400, body: { sent: false, message } });
	});

	it('an unknown username is accepted, or @lid cut to its digits, where the settings say so', async () => {
		await set({ unknownUsernames: 'accepted', lidChatIds: 'cut' });
		expect((await send({ username: 'nobody' })).body.sent).toBe(true);
		expect((await send({ chatId: `${HIDDEN_ID}@lid` })).body).toMatchObject({ sent: false, error: { code: 131009 } });
	});

	it('is refused for an authentication template', async () => {
		const code = { template: 'sign_in_code', params: [bodyOf('123456'), { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '123456' }] }] };
		expect((await send({ bsuid: HIDDEN_ID }, code)).body.error.code).toBe(131062);
		expect((await send({ phone: HIDDEN }, code)).body.sent).toBe(true);
	});

	it('follows scripts and magic phones of the same customer', async () => {
		await customer({ phone: '12025550111', username: 'refuses' });
		expect((await send({ username: 'refuses' })).status).toBe(400);
		await sandbox.control('POST', '/script', { phone: '@boris.k', answers: [{ status: 503 }] });
		expect((await send({ phone: KNOWN })).status).toBe(200);
		expect((await send({ bsuid: HIDDEN_ID })).status).toBe(503);
	});
});

describe("WhatsApp's ID differs from the phone", () => {
	it.each([['5531988885555', '553188885555'], ['525512349876', '5215512349876']])('%s is %s in events and in the history', async (phone, waId) => {
		await set({ hookForm: 'both', hookBatch: 10 });
		await send({ phone });
		await write({ phone: waId });
		await receiver.until((all) => all.some(({ body }) => body.messages) && all.some(({ body }) => body.ack?.length === 2));
		const [ack, hook, message] = (['ack', 'hooks', 'messages'] as const).map((list) => receiver.received.flatMap(({ body }) => body[list] ?? [])[0]);
		expect(ack).toMatchObject({ phone: waId, chatId: `${waId}@c.us` });
		expect(hook).toMatchObject({ recipient_id: waId });
		expect(message).toMatchObject({ chatId: `${waId}@c.us`, authorBsuid: ack.bsuid });
		const history = async (chatId: string) => (await sandbox.call('GET', `/messages?chatId=${chatId}`)).body.messages;
		expect(await history(`${waId}@c.us`)).toHaveLength(2);
		expect(await history(`${phone}@c.us`)).toEqual([]);
		expect((await sandbox.control('GET', `/chats/${phone}`)).body.total).toBe(2);
	});

	it('for everyone with old accounts', async () => {
		await set({ whatsappIds: 'old' });
		await write({ phone: '5521977776666' });
		await write({ phone: '525587654321' });
		const chats = (await bodies(2)).map(({ messages }) => messages[0].chatId);
		expect(chats).toEqual(['552177776666@c.us', '5215587654321@c.us']);
	});
});

describe('the control API', () => {
	it('sets up and changes customers, and finds them by each of their names', async () => {
		const made = await customer({ phone: '+1 202 555 0160', username: '@dora', name: 'Dora', hidesPhone: true });
		expect(made).toMatchObject({ key: '12025550160', phone: '12025550160', username: 'dora', name: 'Dora', hidesPhone: true, bsuid: expect.stringMatching(/^US\./) });
		for (const name of ['12025550160', '12025550160@c.us', made.bsuid, `${made.bsuid}@lid`, 'dora', '@Dora', 'dora@username']) {
			expect((await sandbox.control('GET', `/customers/${encodeURIComponent(name)}`)).body.key).toBe('12025550160');
		}
		await customer({ phone: '12025550160', username: 'dora.new', hidesPhone: false });
		expect((await sandbox.control('GET', '/customers/dora')).status).toBe(404);
		expect((await sandbox.control('GET', '/customers/dora.new')).body).toMatchObject({ bsuid: made.bsuid, hidesPhone: false });
		expect((await sandbox.control('GET', '/customers')).body.customers).toHaveLength(6);
		await sandbox.control('POST', '/clear', { all: true });
		expect((await sandbox.control('GET', '/customers')).body.customers).toHaveLength(5);
	});

	it.each([
		[{}, /phone, bsuid or username/],
		[{ phone: '12025550160', username: 'anna.b' }, /taken/],
		[{ phone: '12025550160', bsuid: HIDDEN_ID }, /taken/],
		[{ phone: '12025550160', username: 'two words' }, /letters, digits/],
		[{ bsuid: 'x' }, /US\./],
		[{ username: null }, /phone, bsuid or username/],
	])('%j is answered by a sentence', async (body, sentence) => {
		const answer = await sandbox.control('POST', '/customers', body);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatch(sentence);
	});

	it('shows the names in chats, and finds chats by them', async () => {
		await write({ phone: HIDDEN }, 'Back yet?');
		for (const search of ['boris', '@boris.k', HIDDEN_ID]) {
			const { chats } = (await sandbox.control('GET', `/chats?search=${encodeURIComponent(search)}`)).body;
			expect(chats).toMatchObject([{ phone: HIDDEN, username: 'boris.k', hidesPhone: true }]);
		}
		expect((await sandbox.control('GET', `/chats/${HIDDEN}`)).body.customer).toMatchObject({ bsuid: HIDDEN_ID, username: 'boris.k', hidesPhone: true });
	});
});

describe('the forms of hooks', () => {
	const forms = () => new Set(receiver.received.flatMap(({ body }) => Object.keys(body)));
	const statuses = () => receiver.received.flatMap(({ body }) => body.hooks ?? body.ack ?? body.entry);

	it.each([
		[{}, false, ['hooks']],
		[{ hookForm: 'ack' }, false, ['ack']],
		[{ hookForm: 'both' }, false, ['ack', 'hooks']],
		[{}, true, ['entry']],
		[{ rawHooksBeside: true }, true, ['entry', 'hooks']],
		[{ hookForm: 'ack', rawHooksBeside: true }, true, ['ack', 'entry']],
		[{ hookForm: 'both', rawHooksBeside: true }, true, ['ack', 'entry', 'hooks']],
	])('%j with rawHooks %s gives %j', async (settings, rawHooks, expected) => {
		await set(settings);
		await sandbox.call('POST', '/settings', { rawHooks });
		await send({ phone: KNOWN });
		await receiver.until(() => statuses().length === 2 * expected.length);
		expect([...forms()].filter((name) => ['hooks', 'ack', 'entry'].includes(name)).sort()).toEqual(expected);
	});

	it('a message comes raw and normalised, too', async () => {
		await raw(true);
		await write({ phone: KNOWN });
		await receiver.until(({ length }) => length === 2);
		expect([...forms()]).toEqual(expect.arrayContaining(['messages', 'entry']));
	});
});
