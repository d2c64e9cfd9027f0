import { useChannel } from '../support/channel.cjs';
import { runNode } from '../support/run-node.cjs';

const channel = useChannel();
const parameters = { resource: 'channel', operation: 'getChannelStatus' };

test('a connected channel says so', async () => {
	const { items } = await runNode({ parameters, credential: channel.credential });
	expect(items[0]!.json).toMatchObject({ channelId: channel.sandbox.channelId, status: 'connected', isConnected: true, advice: null });
});

test.each([
	['disconnected', { status: 'disconnected' }, { status: 'disconnected', isConnected: false, advice: expect.stringContaining('dashboard') }],
	['a state nobody knows', { status: 'Sleeping' }, { status: 'sleeping', isConnected: false, advice: expect.any(String) }],
	['no state at all', {}, { status: 'unknown', isConnected: false }],
])('%s is an item, not an error', async (_, body, expected) => {
	await channel.script({ path: 'status', answers: [{ status: 200, body }] });
	const { items, error } = await runNode({ parameters: { ...parameters, options: { simplify: false } }, credential: channel.credential });
	expect(error).toBeUndefined();
	expect(items[0]!.json).toMatchObject({ ...expected, response: body });
});

test('a rejected token is an error that doesn\'t contain it', async () => {
	const { errors, saved } = await runNode({ parameters, credential: { ...channel.credential, apiToken: 'not-the-token' }, onError: 'continueErrorOutput' });
	expect(errors[0]!.json.error).toMatchObject({ code: 'token-rejected', httpCode: 401 });
	expect(saved).not.toContain('not-the-token');
});
