/** `npm test`: everything but the real n8n. Installs missing dependencies, logs each step, exits non-zero at the first failure. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const NAME = 'n8n-nodes-1msg-stock-arrival';
const LINES = ['n8n-1', 'n8n-2'];
const { install } = createRequire(import.meta.url)('../tools/install.cjs') as {
	install(options: { folder: string; what: string }): Promise<void>;
};

function run(title: string, command: string, args: string[]): Promise<void> {
	console.log(`\n== ${title}`);
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
		child.on('error', reject);
		child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${title}: ended with code ${code}`))));
	});
}

const tool = (script: string) => path.join(ROOT, 'node_modules', ...script.split('/'));
const node = (script: string, ...args: string[]): [string, string[]] => [process.execPath, [tool(script), ...args]];

/** Packs the package as for npm, and unpacks it next to each line's n8n-core and n8n-workflow. */
async function unpackIntoLines(): Promise<void> {
	const folder = path.join(ROOT, '.cache', 'pack');
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('Build and pack', 'npm', ['pack', '--silent', '--pack-destination', folder]);
	const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
	for (const line of LINES) {
		const target = path.join(ROOT, 'test', 'engine', line, 'node_modules', NAME);
		await rm(target, { recursive: true, force: true });
		await mkdir(target, { recursive: true });
		await run(`Unpack for ${line}`, 'tar', ['-xzf', path.join(folder, tarball!), '-C', target, '--strip-components=1']);
	}
}

/** A commit determines its worlds, wherever it is tested; without git the seed is random. */
function seedOfCommit(): string[] {
	const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
	return status === 0 ? ['--seed', String(parseInt(stdout.slice(0, 7), 16))] : [];
}

async function main(): Promise<void> {
	await install({ folder: path.join(ROOT, 'test', 'engine', 'n8n-1'), what: "n8n 1.123's engine (about 250 MB, under a minute)" });
	await unpackIntoLines();
	await run('Lint', 'npm', ['run', '--silent', 'lint']);
	await run('Types', 'npm', ['run', '--silent', 'types']);
	await run('Tests: unit, sandbox, engine on both n8n lines', ...node('jest/bin/jest.js', '--silent', ...process.argv.slice(2)));
	// Named tests replace the full run.
	if (process.argv.length > 2) return;
	const attack = ['--seconds', '90', '--worlds', '500', ...seedOfCommit()];
	await run('Promises: attacks on both n8n lines, 90 seconds', process.execPath, ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'test', 'promises', 'main.mts'), ...attack]);
}

main().catch((error: unknown) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
});
