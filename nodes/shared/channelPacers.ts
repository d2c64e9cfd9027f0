import QuickLRU from 'quick-lru';
import { Pacer } from '../core/pacing/pacer';
import { clock } from './clock';

const pacers = new QuickLRU<string, Pacer>({ maxSize: 4000 });

/**
 * The pacer of a channel's messages, or of one kind of query, in this process, so that a thousand single executions are paced like one
 * batch; `root` is the base URL plus channel ID. Each kind has its own: a channel that throttles its queries must not stop its messages.
 */
export function pacerOf(root: string, kind: 'messages' | `GET ${string}`): Pacer {
	const name = `${kind} ${root}`;
	const pacer = pacers.get(name) ?? new Pacer(clock);
	pacers.set(name, pacer);
	return pacer;
}
