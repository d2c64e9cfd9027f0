import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { run } from '../../demo/run.mts';

export const CHROMIUM = '/usr/bin/chromium';
export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let present: Promise<void> | undefined;

/** Starts Debian's Chromium, installing it first where this process may. */
export async function startChromium(say: (line: string) => void): Promise<Browser> {
	await chromiumIsThere(say);
	return await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** Installs Debian's Chromium where it is missing and this process may. */
export async function chromiumIsThere(say: (line: string) => void): Promise<void> {
	// Several stories may need it at once, and apt-get runs once at a time.
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
