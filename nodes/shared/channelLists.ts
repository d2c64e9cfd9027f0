import { KeyedMutex } from '../core/keyedMutex';

/** Serialises writers of a channel's webhook list in this process: the service has no compare-and-swap. */
export const channelLists = new KeyedMutex();
