import QuickLRU from 'quick-lru';
import { SeenMessages } from '../core/status/seenMessages';
import { Gathering } from './gathering';
import type { Registration } from './registration';

/**
 * A trigger node's state in this n8n process, by workflow, node, and test or production.
 * Includes the registration, because a hook may arrive before n8n has saved its static data,
 * and n8n 1.x has none for test webhooks.
 */
interface Memory {
	seen: SeenMessages;
	gathering: Gathering;
	registration?: Registration;
	/** The registration being written to the channel's list. */
	pending?: Registration;
	/** The last read of the channel's list, and when it began (milliseconds). */
	listRead?: { startedAt: number; isOver: boolean; result: Promise<Registration | undefined> };
}

const memories = new QuickLRU<string, Memory>({ maxSize: 500 });

export function memoryOf(key: string): Memory {
	const memory = memories.get(key) ?? { seen: new SeenMessages(), gathering: new Gathering() };
	memories.set(key, memory);
	return memory;
}

/** Forgets a trigger; what it has gathered starts now. */
export function forget(key: string): void {
	memories.get(key)?.gathering.close();
	memories.delete(key);
}
