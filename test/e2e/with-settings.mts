import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledN8n } from '../../demo/n8n-install.mts';

/** The same n8n, started with more environment variables: by a script of its own in `folder`, since some are read before any code runs. */
export async function withSettings(n8n: InstalledN8n, folder: string, settings: Record<string, string>): Promise<InstalledN8n> {
	const script = join(folder, 'n8n-with-settings.cjs');
	await mkdir(folder, { recursive: true });
	await writeFile(
		script,
		`const env = { ...process.env, ...${JSON.stringify(settings)} };
const n8n = require('node:child_process').spawn(process.execPath, [${JSON.stringify(n8n.script)}, ...process.argv.slice(2)], { env, stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {});
n8n.on('exit', (code) => process.exit(code ?? 1));
`,
	);
	return { ...n8n, script };
}
