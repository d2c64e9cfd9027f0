import type { Contender } from './scenarios.mts';

/** What a contender's process is told. */
export interface Job {
	contender: Contender;
	items: number;
	executions: 'one' | 'single items';
	limit: number | null;
	baseUrl: string;
	/** The sandbox's settings for this run; before it they are as at the start. */
	settings: Record<string, unknown>;
	channelId: string;
	token: string;
	/** Where the installed n8n's modules are. */
	n8nModules: string;
}

/** What it says when it is done. */
export interface JobDone {
	/** Wall time of the run, loading left out. */
	seconds: number;
	/** Of this process, while it ran. */
	cpuSeconds: number;
	/** Bytes: resident memory before the run, and at its peak. */
	memoryBefore: number;
	memoryPeak: number;
	/** Output items by outcome; errors count as `error`. */
	outcomes: Record<string, number>;
	/** The first error item's words, empty when there is none. */
	firstError: string;
}
