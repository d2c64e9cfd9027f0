import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endSupervised, startSupervised } from './supervised.mts';

export interface ProgramOptions {
	/** Name for messages. */
	name: string;
	command: string;
	args: string[];
	env?: NodeJS.ProcessEnv;
	/** Output file; truncated at the start. */
	log: string;
}

/** A program that runs until stopped, or until this process ends. */
export class Program {
	readonly name: string;
	readonly log: string;
	private readonly supervisor: ChildProcess;

	constructor({ name, log, ...rest }: ProgramOptions) {
		this.name = name;
		this.log = log;
		mkdirSync(dirname(log), { recursive: true });
		const output = openSync(log, 'w');
		this.supervisor = startSupervised({ ...rest, output });
		closeSync(output);
	}

	/** ID of the process that supervises it, which is the parent of its own. */
	get pid(): number | undefined {
		return this.supervisor.pid;
	}

	get isRunning(): boolean {
		return this.supervisor.exitCode === null && this.supervisor.signalCode === null && this.supervisor.pid !== undefined;
	}

	/** Throws with the end of its log if it has exited. */
	async mustRun(): Promise<void> {
		if (this.isRunning) return;
		throw new Error(`${this.name} exited unexpectedly. End of ${this.log}:\n${await this.lastLines()}`);
	}

	/** Last lines of its output. */
	async lastLines(count = 25): Promise<string> {
		const text = await readFile(this.log, 'utf8').catch(() => '');
		return text.trimEnd().split('\n').slice(-count).join('\n');
	}

	/** Stops it and its children, and waits for them to exit. */
	async stop(): Promise<void> {
		await endSupervised(this.supervisor);
	}
}
