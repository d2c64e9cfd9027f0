import { relative, resolve } from 'node:path';
import { readArrivals } from './arrivals.mts';
import { realChannel } from '../harness/channel.mts';
import { takeDemoFolder } from './demo-folder.mts';
import { exampleEvent, exampleOrder, type Order } from '../harness/event.mts';
import { runFanOut } from './fan-out.mts';
import { OWNER, startEnvironment, type Environment } from '../harness/environment.mts';
import { LaterMessages } from './later-messages.mts';
import { endAll } from '../harness/process/supervised.mts';
import { installN8n } from '../harness/n8n/install.mts';
import { RECOMMENDED } from '../harness/n8n/server.mts';
import { N8N_CURRENT } from '../harness/n8n/versions.mts';
import { packPackage } from '../harness/package/pack.mts';
import { DEMO_FOLDER } from '../harness/paths.mts';
import { printHelp, readCommandLine } from '../sandbox/command-line.mts';
import { nextArrival, nextOrder, onEnter } from './next-arrival.mts';
import { connectPhonePage } from './phone-page.mts';
import { say } from './say.mts';
import { runStory } from './story.mts';
import { whereToLook } from './where-to-look.mts';

/** Any number that isn't magic: the sandbox delivers to it. */
const SANDBOX_PHONE = '+7 912 345-67-89';

const OPTIONS = {
	once: { type: 'boolean', default: false },
	arrivals: { type: 'string' },
	folder: { type: 'string', default: DEMO_FOLDER },
	help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
	const values = readCommandLine('demo', OPTIONS);
	if (values.help) return await printHelp(import.meta.dirname);
	const channel = realChannel(process.env);
	const arrivals = readArrivals(values.arrivals, channel);
	if (channel) say(`Using channel ${channel.channelId} at ${channel.baseUrl}; only ${channel.phone} gets a message.`);

	const folder = await takeDemoFolder(resolve(values.folder), say);
	const packed = await packPackage(say);
	const n8n = await installN8n(N8N_CURRENT, say);
	const environment = await startEnvironment({ folder, n8n, packed, channel, say, env: RECOMMENDED });
	let isWhole = true;
	const { sandbox } = environment;
	const follow = async (order: Order) => {
		await environment.orders.add([order]);
		await runStory(environment, exampleEvent(order), say);
	};
	const arrive = () => nextArrival(environment, nextOrder(), say);
	try {
		if (sandbox && !values.once) await connectPhonePage(environment, sandbox, arrive);
		await follow(exampleOrder(channel?.phone ?? SANDBOX_PHONE));
		if (arrivals !== undefined && sandbox) isWhole = await runFanOut(environment, sandbox, arrivals, say);
	} catch (error) {
		throw new Error(`${message(error)}\nEnd of ${environment.n8n.program.log}:\n${await environment.n8n.program.lastLines(12)}`);
	}
	if (values.once && !isWhole) throw new Error('Not every customer got exactly one message with a final status in the log.');
	if (values.once) return;
	const later = sandbox && (await LaterMessages.start(sandbox));
	console.log(whereToLook({ ...environment, owner: OWNER, log: relative(process.cwd(), environment.n8n.program.log) }));
	void onEnter(process.stdin, channel ? () => follow(exampleOrder(channel.phone)) : arrive, say);
	await untilSomethingEnds(environment, later);
}

/** Prints sandbox activity. Never returns; throws when n8n or the sandbox exits. */
async function untilSomethingEnds({ n8n, sandbox }: Environment, later: LaterMessages | undefined): Promise<void> {
	for (;;) {
		await n8n.program.mustRun();
		await sandbox?.program.mustRun();
		for (const line of (await later?.look()) ?? []) say(line);
		await new Promise((done) => setTimeout(done, 1_000));
	}
}

function message(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

let ended = false;

/** Stops everything that was started, then exits; with a code above 128, a signal asked for it. */
async function end(code: number): Promise<void> {
	if (ended) return;
	ended = true;
	await endAll();
	if (code > 128) say('Stopped.');
	process.exit(code);
}

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
	process.on(signal, () => {
		if (!ended) say('Stopping n8n and the sandbox ...');
		void end(code);
	});
}
main().then(
	() => end(0),
	(error: unknown) => {
		if (!ended) console.error(`\n${message(error)}`);
		return end(1);
	},
);
