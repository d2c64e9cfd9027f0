import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useChannel } from '../support/channel.cjs';
import { arrival, runNode } from '../support/run-node.cjs';
import { NAMESPACE } from '../support/stock-arrival.cjs';

const channel = useChannel();
const run = promisify(execFile);

/** The mission's example program from docs/migrating.md. */
async function exampleScript(): Promise<string> {
	const page = await readFile(join(__dirname, '..', '..', 'docs', 'migrating.md'), 'utf8');
	const [, script] = /^```js\n([\s\S]*?)^```$/m.exec(page)!;
	return script!;
}

/** Runs the script as a reader would; returns its output. */
async function runExample(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), '1msg-example-'));
	try {
		const file = join(folder, 'send.mjs');
		await writeFile(file, await exampleScript());
		const { baseUrl, channelId, token } = channel.sandbox;
		const env = { ...process.env, ONEMSG_BASE_URL: baseUrl, ONEMSG_CHANNEL_ID: channelId, ONEMSG_API_TOKEN: token, ONEMSG_NAMESPACE: NAMESPACE };
		return (await run(process.execPath, [file], { env })).stdout.trim();
	} finally {
		await rm(folder, { recursive: true });
	}
}

test('the mission\'s Node.js example and the node make the same request, and the service sees the same message', async () => {
	const id = await runExample();
	const { items } = await runNode({ parameters: arrival(), credential: channel.credential });
	const [example, ours] = (await channel.calls('sendTemplate')).map(({ method, path, query, tokenIn, tokenOk, contentType, headers, body, status }) => ({
		method, path, query, tokenIn, tokenOk, contentType, body, status,
		authorization: (headers as Record<string, string>).authorization,
	}));
	expect(example).toMatchObject({ method: 'POST', tokenIn: 'header', tokenOk: true, contentType: 'application/json', status: 200 });
	expect(ours).toStrictEqual(example);
	const messages = await channel.messages();
	expect(messages.map((message) => message.id)).toEqual([id, items[0]!.json.messageId]);
	expect(messages[1]!.text).toBe(messages[0]!.text);
});

test('a refusal in the example is an item error here', async () => {
	await channel.script({ answers: [{ status: 422, body: { sent: false, message: 'no' } }, { status: 422, body: { sent: false, message: 'no' } }] });
	await expect(runExample()).rejects.toThrow('Refused: {"sent":false,"message":"no"}');
	const { items, errors } = await runNode({ parameters: arrival(), credential: channel.credential, onError: 'continueErrorOutput' });
	expect([items.length, errors.length]).toEqual([0, 1]);
	expect(await channel.messages()).toEqual([]);
});
