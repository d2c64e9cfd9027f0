'use strict';
/**
 * node tools/run.cjs <script> [arguments]: installs what this repository needs, then runs the script
 * under the Node 24 that npm brought (n8n 2.36 and newer need it; the machine may have Node 20).
 * --help needs no install: it prints the help.txt beside the script, if there is one.
 */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { install } = require('./install.cjs');

const ROOT = path.join(__dirname, '..');
const [major, minor] = process.versions.node.split('.').map(Number);

async function main() {
	if (major < 20 || (major === 20 && minor < 19)) {
		throw new Error(`Node ${process.versions.node} is too old: version 20.19 or newer is needed.`);
	}
	const [script, ...args] = process.argv.slice(2);
	const help = path.join(ROOT, path.dirname(script), 'help.txt');
	if (args.includes('--help') && fs.existsSync(help)) {
		process.stdout.write(fs.readFileSync(help));
		return;
	}
	await install({
		folder: ROOT,
		what: "this project's packages (about 1 GB, a minute or two the first time)",
		rebuild: ['node'],
		say: (line) => console.error(line),
	});
	const node = path.join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	const child = spawn(node, ['--disable-warning=ExperimentalWarning', path.resolve(ROOT, script), ...args], {
		stdio: 'inherit',
		env: { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH },
	});
	// Ctrl-C reaches the whole process group; waiting lets the child clean up first.
	process.on('SIGINT', () => {});
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	process.on('SIGHUP', () => child.kill('SIGHUP'));
	child.on('close', (code, signal) => {
		process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
	});
}

main().catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
