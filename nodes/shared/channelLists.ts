import { KeyedMutex } from '../core/keyedMutex';

/** Writers of one channel's webhook list in this process take turns: the service has no compare-and-swap. */
export const channelLists = new KeyedMutex();
