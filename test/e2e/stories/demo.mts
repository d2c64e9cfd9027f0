import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { isDemoFolderTaken } from '../../../demo/demo-folder.mts';
import { ROOT } from '../../../harness/paths.mts';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { DemoProcess, processesMarked } from '../n8n/demo-process.mts';
import type { Steps } from '../steps.mts';

const GONE_TIMEOUT_MS = 30_000;
/** A channel that is never called. */
const REAL = {
	ONEMSG_CHANNEL_ID: 'SBX000000001',
	ONEMSG_API_TOKEN: 'not-a-secret',
	ONEMSG_BASE_URL: 'http://127.0.0.1:9',
	ONEMSG_PHONE: '+1 202 555 0100',
	ONEMSG_TEMPLATE: 'stock_arrival|en',
};

/** Uses of `npm run demo`, each in its own process, below the given folder. */
export async function demoStory({ step }: Pick<Steps, 'step'>, scratch: string): Promise<void> {
	const folder = join(scratch, 'demo');
	await mkdir(folder, { recursive: true });

	await step('demo --once on a fresh folder: accepted, sent, delivered, the row, exit 0, nothing left', async () => {
		const demo = new DemoProcess(folder, ['--once', '--folder', folder]);
		assert.equal(await demo.ended(), 0, demo.output);
		for (const word of ['accepted', 'sent', 'delivered', 'Its row in the Data Table']) assert.match(demo.output, new RegExp(word));
		assert.match(demo.output, /status +delivered/);
		assert.match(demo.output, /7 workflows are published/);
		await nothingLeft(folder);
	});

	await step('demo --help says what there is, and a mistyped option where that stands', async () => {
		const help = new DemoProcess(folder, ['--help']);
		assert.equal(await help.ended(), 0);
		assert.equal(help.output, await readFile(join(ROOT, 'demo', 'help.txt'), 'utf8'));
		const mistyped = new DemoProcess(folder, ['--helpp']);
		assert.equal(await mistyped.ended(), 1);
		assert.equal(mistyped.output.trim(), "Unknown option '--helpp'. See npm run demo -- --help");
	});

	await step('demo --arrivals with a number that is none, or on a real channel: one sentence, nothing started', async () => {
		for (const [number, settings, sentence] of [
			['0', {}, /--arrivals must be a whole number from 1 to 5000, not "0"\. Nothing was started\./],
			['500', REAL, /on channel SBX000000001 it would message 500 people.*Nothing was started and nothing was sent\./],
		] as const) {
			const demo = new DemoProcess(folder, ['--once', '--arrivals', number, '--folder', folder], settings);
			assert.equal(await demo.ended(), 1);
			assert.match(demo.output, sentence);
			assert.doesNotMatch(demo.output, /Starting n8n/);
		}
	});

	await step('demo --arrivals a second time, with the usual ports taken by others: works on other ports, each waiting customer gets one message; killed outright, it leaves nothing running', async () => {
		const servers = await Promise.all([5678, 8321].map(occupy));
		try {
			const demo = new DemoProcess(folder, ['--arrivals', '50', '--folder', folder]);
			await demo.says(/Ctrl-C stops everything/);
			demo.child.kill('SIGKILL');
			await demo.ended();
			await nothingLeft(folder);
			assert.match(demo.output, /port 5678 is taken/);
			assert.match(demo.output, /of 50: 50 accepted, .* in the log; \d+ per second \(limit 20\), \d+ x 429/);
			for (const sentence of [
				"Of 50 customers 50 got exactly one message, 0 none, 0 more than one: the sandbox's own count.",
				'Counts for the warehouse: 50 orders, 50 accepted, 0 queued, 0 unknown, 0 skipped, 0 refused.',
				'Statuses in the log: 0 sent, 50 delivered, 0 read, 0 failed.',
			]) {
				assert.ok(demo.output.includes(sentence), demo.output);
			}
		} finally {
			for (const server of servers) server?.close();
		}
	});

	await step('some ONEMSG_ settings without the others: refuses and names what is missing', async () => {
		const demo = new DemoProcess(folder, ['--once', '--folder', folder], { ONEMSG_CHANNEL_ID: 'SBX000000001', ONEMSG_PHONE: '12025550100' });
		assert.notEqual(await demo.ended(), 0);
		assert.match(demo.output, /ONEMSG_API_TOKEN, ONEMSG_TEMPLATE/);
		assert.doesNotMatch(demo.output, /Starting n8n/);
	});

	await step('all ONEMSG_ settings: uses that channel, messages that phone only, and follows by polling', async () => {
		await mkdir(join(scratch, 'channel'), { recursive: true });
		const sandbox = await Sandbox.start({ port: 0, log: join(scratch, 'channel', 'sandbox.log') });
		try {
			const demo = new DemoProcess(folder, ['--once', '--folder', folder], {
				ONEMSG_CHANNEL_ID: sandbox.channelId,
				ONEMSG_API_TOKEN: sandbox.token,
				ONEMSG_BASE_URL: sandbox.baseUrl,
				ONEMSG_PHONE: '+1 202 555 0100',
				ONEMSG_TEMPLATE: 'stock_arrival|es',
			});
			assert.equal(await demo.ended(), 0, demo.output);
			assert.match(demo.output, /Delivery status by polling/);
			const { messages } = await sandbox.control<{ messages: Array<{ phone: string; language: string }> }>('GET', 'messages');
			assert.deepEqual(messages.map(({ phone, language }) => [phone, language]), [['12025550100', 'es']]);
			assert.deepEqual((await sandbox.webhookUrls()).filter((url) => url.includes('127.0.0.1')), []);
			assert.doesNotMatch(demo.output, new RegExp(sandbox.token));
		} finally {
			await sandbox.program.stop();
		}
	});

	await waitFor({ what: 'the folder of the killed demo to be free', timeoutMs: GONE_TIMEOUT_MS, look: async () => ((await isDemoFolderTaken(folder)) ? undefined : true) });

	await step('a broken n8n folder is replaced, and it says so; without --once it stays up, each Enter and the button of the phone page message another customer, who can confirm, and Ctrl-C leaves nothing running', async () => {
		await writeFile(join(folder, 'n8n', '.n8n', 'config'), 'this is no JSON');
		const demo = new DemoProcess(folder, ['--folder', folder]);
		try {
			await demo.says(/Ctrl-C stops everything/);
			assert.match(demo.output, /Starting fresh/);
			for (const phone of ['79123456790', '79123456791']) {
				demo.press();
				await demo.says(new RegExp(`Stock arrived for order \\d+ \\(\\w+, ${phone}\\)`));
				for (const word of ['accepted', 'delivered']) await demo.says(new RegExp(`${word} +${phone}, stock_arrival`));
			}
			await pageIsConnected(demo);
			assert.notDeepEqual(await processesMarked(folder), []);
			demo.child.kill('SIGINT');
			assert.equal(await demo.ended(), 130);
			assert.match(demo.output, /Stopped\.\n$/);
			await nothingLeft(folder);
		} finally {
			demo.child.kill('SIGKILL');
		}
	});
}

/** Presses the phone page's button, and confirms the message that comes. */
async function pageIsConnected(demo: DemoProcess): Promise<void> {
	const [, phones = ''] = await demo.says(/Phones +(\S+)/);
	const control = async (path: string) => {
		const { statusCode, body } = await request(`${phones}_sandbox/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
		return { statusCode, body: (await body.json()) as Record<string, unknown> };
	};
	const { body } = await control('arrive');
	assert.ok(Number(body.status) < 300, JSON.stringify(body));
	await demo.says(/delivered +79123456792, stock_arrival/);
	const { body: listed } = await request(`${phones}_sandbox/messages?phone=79123456792`);
	const { messages } = (await listed.json()) as { messages: Array<{ id: string }> };
	const confirmed = await control(`orders/${encodeURIComponent(messages[0]?.id ?? '')}/confirm`);
	assert.equal(confirmed.body.outcome, 'confirmed', JSON.stringify(confirmed));
	await demo.says(/confirmed +79123456792, order \d+/);
}

async function nothingLeft(folder: string): Promise<void> {
	let left: string[] = [];
	await waitFor({
		what: 'every process of the demo to end',
		timeoutMs: GONE_TIMEOUT_MS,
		look: async () => {
			left = await processesMarked(folder);
			return left.length === 0 ? true : undefined;
		},
	}).catch((error: Error) => {
		throw new Error(`${error.message} Left:\n${left.join('\n')}`);
	});
}

/** Occupies a port; undefined if it is taken already, which is as good. */
function occupy(port: number): Promise<{ close: () => void } | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '127.0.0.1', () => resolve(server));
	});
}
