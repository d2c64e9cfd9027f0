import { arrival, runNode } from '../support/run-node.cjs';
import { startSandbox, type Sandbox } from '../support/sandbox.cjs';

let sandbox: Sandbox;
let credential: Record<string, string>;

beforeAll(async () => {
	sandbox = await startSandbox();
	credential = { channelId: sandbox.channelId, apiToken: sandbox.token, baseUrl: sandbox.baseUrl };
});
afterAll(async () => await sandbox.stop());

test('a stock arrival is accepted and its item tells everything the order system needs', async () => {
	const { items, error } = await runNode({ parameters: arrival(), credential });
	expect(error).toBeUndefined();
	console.log(JSON.stringify(items, null, 1), (await sandbox.control('GET', '/calls?path=sendTemplate')).text);
});
