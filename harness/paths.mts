import { homedir } from 'node:os';
import { join } from 'node:path';

/** The repository's own folder. */
export const ROOT = join(import.meta.dirname, '..');

/** Where the demo keeps its n8n, logs and screenshots; may be deleted at any time. */
export const DEMO_FOLDER = join(ROOT, '.demo');

/** The user's cache folder for this package: n8n versions are kept here, shared by all clones. */
export function cacheFolder(): string {
	const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return join(base, 'n8n-nodes-1msg-stock-arrival');
}
