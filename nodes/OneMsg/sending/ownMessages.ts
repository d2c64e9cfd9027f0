import QuickLRU from 'quick-lru';

/** Message IDs returned to sends of this process: finding one in the history does not prove that another message was sent. */
export const ownMessages = new QuickLRU<string, true>({ maxSize: 20_000 });
