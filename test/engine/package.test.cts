import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { core, PACKAGE_FOLDER } from '../support/line.cjs';
import { loadPackage } from '../support/package.cjs';

const files = (folder: string, prefix = ''): string[] =>
	readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
		entry.isDirectory() ? files(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
	);

test('the tarball holds dist, README, LICENSE, index.js and package.json, and nothing else', () => {
	const top = [...new Set(files(PACKAGE_FOLDER).map((file) => file.split('/')[0]))].sort();
	expect(top).toEqual(['LICENSE', 'README.md', 'dist', 'index.js', 'package.json']);
	expect(files(PACKAGE_FOLDER).filter((file) => /\.(ts|map|mts|cts)$/.test(file))).toEqual([]);
});

test('n8n\'s loader finds both nodes and the credential', async () => {
	const { oneMsg, oneMsgTrigger, credential } = await loadPackage();
	expect([oneMsg.description.displayName, oneMsgTrigger.description.displayName, credential.displayName]).toEqual(['1MSG', '1MSG Trigger', '1MSG Channel API']);
	expect(oneMsg.description.usableAsTool).toBe(true);
});

test('the nodes are found by common search terms', async () => {
	const { oneMsg, oneMsgTrigger } = await loadPackage();
	for (const { description } of [oneMsg, oneMsgTrigger]) {
		expect(description.codex?.alias).toEqual(expect.arrayContaining(['whatsapp', 'waba', '1msg', 'back in stock', 'stock arrival', 'delivery status']));
	}
});

test('light and dark icons are where n8n looks for them', async () => {
	const loader = new core.PackageDirectoryLoader(PACKAGE_FOLDER);
	await loader.loadAll();
	const urls = [...loader.types.nodes, ...loader.types.credentials].map(({ iconUrl }) => iconUrl);
	expect(urls).toHaveLength(3);
	for (const url of urls) {
		const { light, dark } = url as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const icon of [light, dark]) {
			expect(existsSync(join(PACKAGE_FOLDER, icon.replace('icons/n8n-nodes-1msg-stock-arrival/', '')))).toBe(true);
		}
	}
});

test('index.js exports the built classes', () => {
	expect(Object.keys(require(join(PACKAGE_FOLDER, 'index.js'))).sort()).toEqual(['OneMsg', 'OneMsgChannelApi', 'OneMsgTrigger']);
});

test('there is no runtime dependency, and what ships is small', () => {
	const manifest = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
	expect(manifest.dependencies ?? {}).toEqual({});
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	const size = files(PACKAGE_FOLDER).reduce((sum, file) => sum + statSync(join(PACKAGE_FOLDER, file)).size, 0);
	expect(size).toBeLessThan(1_000_000);
});
