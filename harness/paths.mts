import { homedir } from 'node:os';
import { join } from 'node:path';

/** Repository root. */
export const ROOT = join(import.meta.dirname, '..');

/** The demo's n8n, logs and screenshots; may be deleted at any time. */
export const DEMO_FOLDER = join(ROOT, '.demo');

/** The package's cache folder: n8n versions, shared by all clones. */
export function cacheFolder(): string {
	const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return join(base, 'n8n-nodes-1msg-stock-arrival');
}
