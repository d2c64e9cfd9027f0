/** An n8n that the demo or the tests can run, and what its folder's package.json needs. */
export interface N8nVersion {
	version: string;
	/** Version of the npm package `node` that it runs on. */
	node: string;
	/** Packages whose install scripts run. */
	rebuild: string[];
	overrides?: Record<string, string>;
}

export const N8N_CURRENT: N8nVersion = {
	version: '2.41.1',
	node: '24.21.0',
	rebuild: ['node', 'sqlite3', 'isolated-vm'],
};

/** The last line before 2.0, still widely run. */
export const N8N_OLDER: N8nVersion = {
	version: '1.123.81',
	node: '24.21.0',
	rebuild: ['node', 'sqlite3', 'isolated-vm'],
	// It names a tarball outside the npm registry for xlsx.
	overrides: { xlsx: '0.18.5' },
};
