import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { run } from '../../../harness/process/run.mts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let present: Promise<void> | undefined;

/** Starts Debian's Chromium, installing it if permitted. */
export async function startChromium(say: (line: string) => void): Promise<Browser> {
	await chromiumIsThere(say);
	return await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** The same with a laptop's screen and a persistent cache folder. */
export async function startChromiumIn(folder: string, say: (line: string) => void): Promise<BrowserContext> {
	await chromiumIsThere(say);
	return await chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, args: FLAGS, viewport: { width: 1600, height: 1000 } });
}

async function chromiumIsThere(say: (line: string) => void): Promise<void> {
	// Stories may need it concurrently, but apt-get can't.
	await (present ??= existsSync(CHROMIUM) ? Promise.resolve() : install(say));
}

async function install(say: (line: string) => void): Promise<void> {
	const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
	if (!mayInstall) throw new Error(`${CHROMIUM} is missing. Install it: sudo apt-get update && sudo apt-get install -y chromium`);
	say('Installing chromium with apt-get ...');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run('apt-get', ['update', '-qq'], { cwd: '/', env });
	await run('apt-get', ['install', '-y', '-qq', 'chromium'], { cwd: '/', env });
}
