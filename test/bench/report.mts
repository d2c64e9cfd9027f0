import { cpus, release, totalmem, type } from 'node:os';
import { goals } from './goals.mts';
import type { Measurement } from './measure.mts';
import { markdown } from './table.mts';
import { MAX_ONE_BY_ONE } from './scenarios.mts';

const HOW = `Made by \`npm run bench\`; do not edit. Each row is one run, in a process of its own, on n8n's own engine; "middle of 3" has the
middle of each figure of three runs, made in turns with the others. The channel is the [sandbox](../sandbox/README.md), also in a process of
its own on the same machine. Its limit is a token bucket that starts full and holds one second's worth; it answers 429 beyond. Each row
gets the same items, and each node is told nothing about the channel, except "batch = limit", which is HTTP Request with a batch of
exactly the limit every second. Every process first sends 300 messages under another name of the same address, as an n8n that has been
running for a while.

- **delivered once, lost, twice**: recipients, as the channel counted them.
- **seconds**: the whole run, from n8n's start of the workflow to its end; this node also reads the channel's templates first.
- **share of the limit**: the shortest time the limit allows, (items - limit) / limit, divided by the time from the first acceptance
  to the last. It is empty where a message was lost.
- **refused for rate**: requests that the channel refused, as a share of all requests.
- **sockets**: connections that the channel had open at once, at most.
- **CPU per message, peak memory**: of the contender's process, the engine included; loading n8n is in the memory, not in the CPU.
- One at a time runs with the first ${MAX_ONE_BY_ONE} items only: its speed does not change with their number.`;

/** Description of the machine. */
export function machine(versions: { n8n: string }): string {
	const all = cpus();
	return `${type()} ${release()}, ${all.length} x ${all[0]?.model.trim() || 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB memory, Node ${process.versions.node}, nodes and engine of n8n ${versions.n8n}`;
}

/** Content of docs/benchmarks.md. */
export function report(measurements: Measurement[], options: { command: string; machine: string; date: string; minutes: number }): string {
	const reached = goals(measurements);
	return [
		'# Benchmarks',
		'',
		HOW,
		'',
		`Run with \`${options.command}\` on ${options.date}, in ${options.minutes.toFixed(1)} minutes. Machine: ${options.machine}.`,
		'',
		'## Measured',
		'',
		markdown(measurements),
		'',
		'## Against what is promised',
		'',
		'| | | |',
		'| --- | ---: | --- |',
		...reached.map(({ what, found, reached: yes }) => `| ${what} | ${found} | ${yes ? 'yes' : '**no**'} |`),
		'',
	].join('\n');
}
