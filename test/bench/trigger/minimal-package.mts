import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = 'n8n-nodes-bench-minimal';
const VERSION = '1.0.0';
const NODE_FILE = 'dist/nodes/MinimalTrigger/MinimalTrigger.node.js';

/** The node's type in workflows. */
export const MINIMAL_TYPE = `${NAME}.minimalTrigger`;

/** Installs a community package with only the minimal trigger into an n8n user folder. */
export async function installMinimalPackage(userFolder: string): Promise<void> {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	const target = join(nodesFolder, 'node_modules', NAME);
	const file = join(target, NODE_FILE);
	await mkdir(join(file, '..'), { recursive: true });
	await copyFile(join(import.meta.dirname, 'minimal-trigger.cjs'), file);
	const own = { name: NAME, version: VERSION, n8n: { n8nNodesApiVersion: 1, nodes: [NODE_FILE] } };
	await writeFile(join(target, 'package.json'), JSON.stringify(own));
	const ledgerFile = join(nodesFolder, 'package.json');
	const ledger = JSON.parse(await readFile(ledgerFile, 'utf8')) as { dependencies: Record<string, string> };
	await writeFile(ledgerFile, JSON.stringify({ ...ledger, dependencies: { ...ledger.dependencies, [NAME]: VERSION } }, null, 2));
}
