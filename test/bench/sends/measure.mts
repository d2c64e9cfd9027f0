import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { acceptingFor, shareOfLimit } from '../../../harness/channel-use.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import type { Job, JobDone } from './job.mts';
import { itemsFor, type Contender, type Scenario } from './scenarios.mts';

/** Result of a contender in a scenario, from its process and the sandbox. */
export interface Measurement {
	scenario: Scenario;
	contender: Contender;
	items: number;
	/** Recipients with exactly one message, none, and more than one. */
	once: number;
	lost: number;
	twice: number;
	/** Wall time. */
	seconds: number;
	/** Time from first to last acceptance at the channel. */
	channelSeconds: number;
	/** Share of sends refused by the rate limit. */
	refused: number;
	sockets: number;
	cpuMilliseconds: number;
	memoryPeak: number;
	outcomes: Record<string, number>;
	/** Ten to twenty seconds after the limit changed: share of the new limit used, and share of sends refused. */
	afterChange?: { share: number; refused: number };
	/** Why the measurement is missing. */
	failed?: string;
}

/** Share of the limit used, from 0 to 1; null without a limit or if data is missing. */
export function shareUsed({ scenario: { limit, nextLimit }, items, once, channelSeconds, failed }: Measurement): number | null {
	return once < items || failed !== undefined || nextLimit !== null ? null : (shareOfLimit(items, limit, channelSeconds) ?? null);
}

interface Counts {
	messages: number;
	requests: number;
	refusedForRate: number;
	openSocketsPeak: number;
	perRecipient: Record<string, number>;
}

/** Maximum seconds beyond the expected time. */
const PATIENCE_SECONDS = 600;

/** Runs a contender in its own process against an empty sandbox. */
export async function measure(scenario: Scenario, contender: Contender, sandbox: Sandbox, n8nModules: string, expectedSeconds: number): Promise<Measurement> {
	await sandbox.control('POST', 'clear', { all: true });
	if (scenario.moreTemplates > 0) await sandbox.control('POST', 'templates', { generate: scenario.moreTemplates });
	const items = itemsFor(scenario, contender);
	const { baseUrl, channelId, token } = sandbox;
	const settings = { messagesPerSecond: scenario.limit, latencyMs: scenario.latency, throttledLatencyMs: scenario.refusesAtOnce ? 0 : null, serverErrorShare: scenario.serverErrors };
	const job: Job = { contender, items, executions: scenario.executions, limit: scenario.limit, settings, baseUrl, channelId, token, n8nModules };
	let failed: string | undefined;
	const ended = new AbortController();
	const change = scenario.nextLimit === null ? undefined : changeLimit(sandbox, scenario.nextLimit, ended.signal);
	const done = await runJob(job, (expectedSeconds + PATIENCE_SECONDS) * 1000).catch((error: unknown): JobDone => {
		failed = error instanceof Error ? error.message : String(error);
		return { seconds: NaN, cpuSeconds: NaN, memoryBefore: NaN, memoryPeak: NaN, outcomes: {}, firstError: '' };
	});
	ended.abort();
	// A contender without any arrivals is misconfigured, which must not count as a result.
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
		afterChange: await change,
	};
}

/** Seconds from first acceptance to the change, then to the measurement, and of the measurement. */
const CHANGE_SECONDS = 10;

/** Changes the limit during a run and measures how well the contender follows. Undefined if it ends first. */
async function changeLimit(sandbox: Sandbox, limit: number, signal: AbortSignal): Promise<Measurement['afterChange']> {
	const count = async () => ({ at: Date.now(), ...(await sandbox.control<Counts>('GET', 'counts')) });
	const pause = async () => await sleep(CHANGE_SECONDS * 1000, undefined, { signal });
	try {
		// The run sets the limit after its warm-up messages.
		const hasBegun = async () => (await sandbox.control<{ messagesPerSecond: number | null }>('GET', 'settings')).messagesPerSecond !== null && (await count()).messages > 0;
		while (!(await hasBegun())) await sleep(200, undefined, { signal });
		await pause();
		await sandbox.control('POST', 'settings', { messagesPerSecond: limit });
		await pause();
		const from = await count();
		await pause();
		const to = await count();
		const sends = to.requests - from.requests;
		return { share: (to.messages - from.messages) / ((limit * (to.at - from.at)) / 1000), refused: (to.refusedForRate - from.refusedForRate) / sends };
	} catch {
		return undefined;
	}
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
