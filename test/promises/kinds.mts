/** All kinds of worlds. */
import { sendWorlds } from './send/kind.mts';
import { triggerWorlds } from './trigger/kind.mts';
import type { WorldKind } from './world-kind.mts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export const KINDS: ReadonlyArray<WorldKind<any>> = [sendWorlds, triggerWorlds];
