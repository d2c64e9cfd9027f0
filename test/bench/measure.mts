import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { acceptingFor } from '../../harness/channel-use.mts';
import type { Sandbox } from '../../harness/sandbox-program.mts';
import type { Job, JobDone } from './job.mts';
import { itemsFor, type Contender, type Scenario } from './scenarios.mts';

/** What one contender made of one scenario, as its process and the sandbox tell. */
export interface Measurement {
	scenario: Scenario;
	contender: Contender;
	items: number;
	/** Recipients with exactly one message, without any, and with more than one. */
	once: number;
	lost: number;
	twice: number;
	/** Wall time of the run. */
	seconds: number;
	/** From the first acceptance to the last, as the channel sees it. */
	channelSeconds: number;
	/** Sends that the channel refused for the rate, as a share of all sends. */
	refused: number;
	sockets: number;
	cpuMilliseconds: number;
	memoryPeak: number;
	outcomes: Record<string, number>;
	/** Why there is no measurement. */
	failed?: string;
}

interface Counts {
	messages: number;
	requests: number;
	refusedForRate: number;
	openSocketsPeak: number;
	perRecipient: Record<string, number>;
}

/** Longest run, in seconds beyond what was expected. */
const PATIENCE_SECONDS = 600;

/** Runs one contender in a process of its own against the sandbox, which starts empty. */
export async function measure(scenario: Scenario, contender: Contender, sandbox: Sandbox, n8nModules: string, expectedSeconds: number): Promise<Measurement> {
	await sandbox.control('POST', 'clear', { all: true });
	if (scenario.moreTemplates > 0) await sandbox.control('POST', 'templates', { generate: scenario.moreTemplates });
	const items = itemsFor(scenario, contender);
	const { baseUrl, channelId, token } = sandbox;
	const settings = { messagesPerSecond: scenario.limit, latencyMs: scenario.latency, serverErrorShare: scenario.serverErrors };
	const job: Job = { contender, items, executions: scenario.executions, limit: scenario.limit, settings, baseUrl, channelId, token, n8nModules };
	let failed: string | undefined;
	const done = await runJob(job, (expectedSeconds + PATIENCE_SECONDS) * 1000).catch((error: unknown): JobDone => {
		failed = error instanceof Error ? error.message : String(error);
		return { seconds: NaN, cpuSeconds: NaN, memoryBefore: NaN, memoryPeak: NaN, outcomes: {}, firstError: '' };
	});
	// A contender of which nothing arrives is set up wrongly: that must not pass for a result.
	if (done.outcomes.accepted === undefined) failed ??= `Nothing was accepted. ${done.firstError}`;
	const counts = await sandbox.control<Counts>('GET', 'counts?full=1');
	const received = Object.values(counts.perRecipient);
	return {
		scenario, contender, items, failed,
		once: received.filter((count) => count === 1).length,
		lost: items - received.length,
		twice: received.filter((count) => count > 1).length,
		seconds: done.seconds,
		channelSeconds: await acceptingFor(sandbox, counts.messages),
		refused: counts.refusedForRate / Math.max(1, counts.requests),
		sockets: counts.openSocketsPeak,
		cpuMilliseconds: (done.cpuSeconds * 1000) / items,
		memoryPeak: done.memoryPeak,
		outcomes: done.outcomes,
	};
}

function runJob(job: Job, timeout: number): Promise<JobDone> {
	return new Promise((resolve, reject) => {
		const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'contender.mts'), JSON.stringify(job)];
		const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' });
		const stop = () => child.kill('SIGKILL');
		process.once('exit', stop);
		let output = '';
		let complaints = '';
		child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
		child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)));
		child.once('error', reject);
		child.once('close', (code, signal) => {
			process.off('exit', stop);
			const line = output.trimEnd().split('\n').at(-1) ?? '';
			if (code === 0 && line.startsWith('{')) return resolve(JSON.parse(line) as JobDone);
			reject(new Error(`The process ended with ${signal ?? code}: ${complaints.trim().slice(-600)}`));
		});
	});
}
