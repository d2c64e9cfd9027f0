import QuickLRU from 'quick-lru';
import { Pacer } from '../core/pacing/pacer';
import { clock } from './clock';

const pacers = new QuickLRU<string, Pacer>({ maxSize: 1000 });

/** The channel's pacer in this process, so that a thousand single executions are paced like one batch; `root` is the base URL plus channel ID. */
export function pacerOf(root: string): Pacer {
	const pacer = pacers.get(root) ?? new Pacer(clock);
	pacers.set(root, pacer);
	return pacer;
}
