import { printHelp, readCommandLine } from './command-line.mts';
import { type RunningSandbox, type ServerOptions, startServer } from './http/server.mts';

const DEFAULT_PORT = 8321;

const OPTIONS = {
	port: { type: 'string' },
	host: { type: 'string', default: '127.0.0.1' },
	channel: { type: 'string', default: 'SBX000000001' },
	token: { type: 'string', default: 'sandbox-token-not-a-secret' },
	json: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
	const values = readCommandLine('sandbox', OPTIONS);
	if (values.help) return await printHelp(import.meta.dirname);
	const port = values.port === undefined ? undefined : Number(values.port);
	if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw new Error('--port must be a number from 0 to 65535');
	const options = { host: values.host, channelId: values.channel, token: values.token };
	const sandbox = await start(options, port);
	stopOnSignals(sandbox);
	const { baseUrl } = sandbox;
	const facts = { baseUrl, channelId: options.channelId, token: options.token, controlUrl: `${baseUrl}/_sandbox` };
	process.stdout.write(values.json ? `${JSON.stringify(facts)}\n` : greeting(facts));
}

async function start(options: Omit<ServerOptions, 'port'>, port: number | undefined): Promise<RunningSandbox> {
	try {
		return await startServer({ ...options, port: port ?? DEFAULT_PORT });
	} catch (error) {
		if (port === undefined && (error as NodeJS.ErrnoException).code === 'EADDRINUSE') return startServer({ ...options, port: 0 });
		throw error;
	}
}

function stopOnSignals(sandbox: RunningSandbox): void {
	const stop = () => void sandbox.stop().finally(() => process.exit(0));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	process.once('disconnect', stop);
}

function greeting({ baseUrl, channelId, token, controlUrl }: Record<'baseUrl' | 'channelId' | 'token' | 'controlUrl', string>): string {
	return `The 1MSG sandbox is running.

  Base URL     ${baseUrl}
  Channel ID   ${channelId}
  API token    ${token}

Phones and channel: ${baseUrl}/

Messages to 12025550100 are delivered, to 12025550101 they fail. Other magic phones, and how to inspect messages,
script answers and write as a customer: ${controlUrl}/
`;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
