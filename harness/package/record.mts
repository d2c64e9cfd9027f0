import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { N8nApi } from '../n8n/api.mts';
import { PACKAGE_NAME } from './install.mts';

/** A node type of the package as loaded by n8n. */
export interface LoadedNode {
	/** Prefixed with the package's name, as in workflows. */
	type: string;
	displayName: string;
	description: string;
	/** Latest version of the node. */
	version: number;
	/** Icon path, relative to n8n's URL. */
	iconUrl: string | { light: string; dark: string };
}

/** The package's node types as loaded by n8n; throws if one is missing. */
export async function loadedNodes(api: N8nApi): Promise<LoadedNode[]> {
	const types = ['oneMsg', 'oneMsgTrigger'].map((name) => `${PACKAGE_NAME}.${name}`);
	const nodeInfos = types.map((name) => ({ name, version: 1 }));
	const found = await api.call<Array<Omit<LoadedNode, 'type' | 'version'> & { version: number | number[] }>>('POST', '/node-types', { nodeInfos });
	return types.map((type, index) => {
		const node = found[index];
		if (!node) throw new Error(`n8n did not load ${type}.`);
		return { ...node, type, version: Math.max(...[node.version].flat()) };
	});
}

/**
 * Completes the installation as n8n's installer does: records the package and its nodes in n8n's SQLite
 * database, so that Settings > Community nodes lists it and `n8n community-node --uninstall` finds it.
 */
export async function recordPackage(api: N8nApi, userFolder: string, packageFolder: string): Promise<void> {
	const nodes = await loadedNodes(api);
	const { version, author } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
		version: string;
		author: { name: string; email: string };
	};
	const database = new DatabaseSync(join(userFolder, '.n8n', 'database.sqlite'));
	try {
		database.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
		database.prepare('DELETE FROM installed_nodes WHERE package = ?').run(PACKAGE_NAME);
		database.prepare('DELETE FROM installed_packages WHERE "packageName" = ?').run(PACKAGE_NAME);
		database
			.prepare('INSERT INTO installed_packages ("packageName", "installedVersion", "authorName", "authorEmail") VALUES (?, ?, ?, ?)')
			.run(PACKAGE_NAME, version, author.name, author.email);
		const insert = database.prepare('INSERT INTO installed_nodes (name, type, "latestVersion", package) VALUES (?, ?, ?, ?)');
		for (const node of nodes) insert.run(node.displayName, node.type, node.version, PACKAGE_NAME);
		database.exec('COMMIT');
	} finally {
		database.close();
	}
}
