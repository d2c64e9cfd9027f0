import type { Contender } from './scenarios.mts';

/** Job of a contender's process. */
export interface Job {
	contender: Contender;
	items: number;
	executions: 'one' | 'single items';
	limit: number | null;
	baseUrl: string;
	/** Sandbox settings for this run; defaults before it. */
	settings: Record<string, unknown>;
	channelId: string;
	token: string;
	/** Path of the installed n8n's modules. */
	n8nModules: string;
}

/** Result of the process. */
export interface JobDone {
	/** Wall time without loading. */
	seconds: number;
	/** CPU time of this process during the run. */
	cpuSeconds: number;
	/** Resident memory in bytes: before the run, and peak. */
	memoryBefore: number;
	memoryPeak: number;
	/** Output items by outcome; errors count as `error`. */
	outcomes: Record<string, number>;
	/** Message of the first error item; empty if none. */
	firstError: string;
}
