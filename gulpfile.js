'use strict';
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

const CREDENTIALS = { 'credentials/OneMsgChannelApi.credentials': 'credentials/OneMsgChannelApi.credentials.ts' };
const NODES = {
	'nodes/OneMsg/OneMsg.node': 'nodes/OneMsg/OneMsg.node.ts',
	'nodes/OneMsgTrigger/OneMsgTrigger.node': 'nodes/OneMsgTrigger/OneMsgTrigger.node.ts',
};
/** Files of their own, not a copy in each bundle: the lock on a channel's webhook list must be one, and zod takes time to load. */
const SHARED = { 'nodes/channelLists': 'nodes/shared/channelLists.ts', 'nodes/zod': 'zod' };

async function clean() {
	await fs.promises.rm(path.join(__dirname, 'dist'), { recursive: true, force: true });
}

/** One CommonJS file per node and credential, and what they share: n8n installs no dependencies of ours. */
async function bundle() {
	await Promise.all([build(SHARED), build(CREDENTIALS, '../nodes'), build(NODES, '..')]);
}

/** `shared` is where the shared files are, as the built files see it. */
async function build(entryPoints, shared) {
	await esbuild.build({
		absWorkingDir: __dirname,
		entryPoints,
		outdir: 'dist',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'es2022',
		external: ['n8n-workflow'],
		plugins: shared === undefined ? [] : [sharedFiles(shared)],
		minifySyntax: true,
		minifyWhitespace: true,
		legalComments: 'inline',
		logLevel: 'warning',
	});
}

function sharedFiles(folder) {
	return {
		name: 'shared files',
		setup(builder) {
			builder.onResolve({ filter: /\/channelLists$|^zod$/ }, ({ path: wanted }) => ({ path: `${folder}/${path.basename(wanted)}.js`, external: true }));
		},
	};
}

/** Every node and the credential name the same two files. */
function icons() {
	return src('nodes/*.svg', { encoding: false }).pipe(dest('dist/nodes'));
}

/** Codex files and output schemas, where n8n looks for them. */
function metadata() {
	return src(['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], { base: 'nodes' }).pipe(dest('dist/nodes'));
}

/** n8n looks for the schemas of each version of a node; those of 1MSG are the same in both. */
function schemasOfVersion2() {
	return src('nodes/OneMsg/__schema__/v1.0.0/**/*.json', { base: 'nodes/OneMsg/__schema__/v1.0.0' }).pipe(dest('dist/nodes/OneMsg/__schema__/v2.0.0'));
}

exports.build = series(clean, parallel(bundle, icons, metadata, schemasOfVersion2));
exports.default = exports.build;
