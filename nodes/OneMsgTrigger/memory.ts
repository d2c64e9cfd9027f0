import QuickLRU from 'quick-lru';
import { SeenStatuses } from '../core/status/seenStatuses';
import type { Registration } from './registration';

/**
 * What a trigger node knows within this n8n process, by workflow, node, and test or production.
 * The registration stands here too, since a hook may come before n8n has saved its static data,
 * and n8n 1.x gives test webhooks none.
 */
interface Memory {
	seen: SeenStatuses;
	registration?: Registration;
	/** What is being written into the channel's list just now. */
	pending?: Registration;
	/** The last look into the channel's list, and when it began (milliseconds). */
	look?: { begunAt: number; isOver: boolean; asking: Promise<Registration | undefined> };
}

const memories = new QuickLRU<string, Memory>({ maxSize: 500 });

export function memoryOf(key: string): Memory {
	const memory = memories.get(key) ?? { seen: new SeenStatuses() };
	memories.set(key, memory);
	return memory;
}

export function forget(key: string): void {
	memories.delete(key);
}
