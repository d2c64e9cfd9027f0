import QuickLRU from 'quick-lru';

/** Message IDs that answers to sends of this process have told: none of them is a proof that another message went out. */
export const ownMessages = new QuickLRU<string, true>({ maxSize: 20_000 });
