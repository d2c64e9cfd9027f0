'use strict';
/**
 * Installs npm packages into a folder, once, visibly and all or nothing.
 * Plain CommonJS for Node 20: it runs before anything else is installed.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { diskGrowth } = require('./disk-growth.cjs');

const MARKER = path.join('node_modules', '.install-complete');
const HEARTBEAT_MS = 10_000;

/** Short hash of the wanted state: a changed package.json or lock triggers an install. */
function wantedState(folder, rebuild) {
	const hash = createHash('sha256').update(rebuild.join(','));
	for (const name of ['package.json', 'package-lock.json']) {
		const file = path.join(folder, name);
		if (fs.existsSync(file)) hash.update(lockRelevantText(name, file));
	}
	return hash.digest('hex').slice(0, 16);
}

/** Only the dependencies of package.json count, so that editing a script doesn't reinstall a gigabyte. */
function lockRelevantText(name, file) {
	const text = fs.readFileSync(file, 'utf8');
	if (name !== 'package.json') return text;
	const { dependencies, devDependencies, overrides } = JSON.parse(text);
	return JSON.stringify({ dependencies, devDependencies, overrides });
}

function isInstalled(folder, rebuild = []) {
	const marker = path.join(folder, MARKER);
	return fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === wantedState(folder, rebuild);
}

/**
 * Installs the dependencies of `folder`'s package.json. Install scripts stay off;
 * only the packages in `rebuild` run theirs. No-op if done before; an incomplete install is redone.
 * @param {{ folder: string, what: string, rebuild?: string[], say?: (line: string) => void }} options
 */
async function install({ folder, what, rebuild = [], say = console.log }) {
	if (isInstalled(folder, rebuild)) return;
	const started = Date.now();
	fs.rmSync(path.join(folder, MARKER), { force: true });
	// Not "npm ci": it rejects a lock without optional packages of platforms missing from a registry.
	const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	say(`Installing ${what} ...`);
	await npm(folder, ['install', '--no-save', ...quiet], say);
	if (rebuild.length > 0) {
		say(`Preparing ${rebuild.join(', ')} ...`);
		await npm(folder, ['rebuild', ...rebuild, '--loglevel=error'], say);
	}
	fs.writeFileSync(path.join(folder, MARKER), wantedState(folder, rebuild));
	say(`Installed ${what} in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Runs npm in a folder, with a line every ten seconds; rejects with npm's output on failure. */
function npm(folder, args, say) {
	return new Promise((resolve, reject) => {
		const started = Date.now();
		const child = spawn('npm', args, {
			cwd: folder,
			stdio: ['ignore', 'pipe', 'pipe'],
			shell: process.platform === 'win32',
			env: { ...process.env, npm_config_update_notifier: 'false' },
		});
		const grown = diskGrowth(folder);
		let output = '';
		const keep = (chunk) => (output = (output + chunk).slice(-8000));
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		const heartbeat = setInterval(() => {
			const seconds = Math.round((Date.now() - started) / 1000);
			// npm creates all folders first, then fills them for a minute: only the bytes show progress.
			say(`  ... ${seconds} s, ${countPackages(folder)} packages started, ${Math.round(grown() / 1e6)} MB written so far`);
		}, HEARTBEAT_MS);
		child.on('error', (error) => {
			clearInterval(heartbeat);
			reject(new Error(`npm could not be started: ${error.message}`));
		});
		child.on('close', (code) => {
			clearInterval(heartbeat);
			if (code === 0) return resolve();
			reject(new Error(`"npm ${args.join(' ')}" exited with code ${code} in ${folder}:\n${output.trim()}`));
		});
	});
}

function countPackages(folder) {
	try {
		return fs
			.readdirSync(path.join(folder, 'node_modules'), { withFileTypes: true })
			.reduce((sum, entry) => {
				if (entry.name.startsWith('.')) return sum;
				if (!entry.name.startsWith('@')) return sum + 1;
				return sum + fs.readdirSync(path.join(folder, 'node_modules', entry.name)).length;
			}, 0);
	} catch {
		return 0;
	}
}

module.exports = { install, isInstalled };
