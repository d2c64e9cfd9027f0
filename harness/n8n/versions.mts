/** An n8n version for the demo or tests, and its package.json settings. */
export interface N8nVersion {
	version: string;
	/** Version of the npm package `node` to run it on. */
	node: string;
	/** Packages whose install scripts may run. */
	rebuild: string[];
	overrides?: Record<string, string>;
}

export const N8N_CURRENT: N8nVersion = {
	version: '2.41.1',
	node: '24.21.0',
	rebuild: ['node', 'sqlite3', 'isolated-vm'],
};

/** The last release line before 2.0, still widely used. */
export const N8N_OLDER: N8nVersion = {
	version: '1.123.81',
	node: '24.21.0',
	rebuild: ['node', 'sqlite3', 'isolated-vm'],
	// Its xlsx dependency is a tarball outside the npm registry.
	overrides: { xlsx: '0.18.5' },
};
