'use strict';
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

const ENTRIES = {
	'credentials/OneMsgChannelApi.credentials': 'credentials/OneMsgChannelApi.credentials.ts',
	'nodes/OneMsg/OneMsg.node': 'nodes/OneMsg/OneMsg.node.ts',
	'nodes/OneMsgTrigger/OneMsgTrigger.node': 'nodes/OneMsgTrigger/OneMsgTrigger.node.ts',
	'nodes/channelLists': 'nodes/channelLists.ts',
};

/** The lock on a channel's webhook list is one for both nodes: a file of its own, not a copy in each bundle. */
const sharedLock = {
	name: 'shared lock',
	setup(build) {
		build.onResolve({ filter: /\/channelLists$/ }, () => ({ path: '../channelLists.js', external: true }));
	},
};

async function clean() {
	await fs.promises.rm(path.join(__dirname, 'dist'), { recursive: true, force: true });
}

/** One CommonJS file per node and credential, and what both nodes share: n8n installs no dependencies of ours. */
async function bundle() {
	await esbuild.build({
		absWorkingDir: __dirname,
		entryPoints: ENTRIES,
		outdir: 'dist',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'es2022',
		external: ['n8n-workflow'],
		plugins: [sharedLock],
		minifySyntax: true,
		minifyWhitespace: true,
		legalComments: 'inline',
		logLevel: 'warning',
	});
}

/** Every node and the credential name the same two files. */
function icons() {
	return src('nodes/*.svg', { encoding: false }).pipe(dest('dist/nodes'));
}

/** Codex files and output schemas, where n8n looks for them. */
function metadata() {
	return src(['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], { base: 'nodes' }).pipe(dest('dist/nodes'));
}

exports.build = series(clean, parallel(bundle, icons, metadata));
exports.default = exports.build;
