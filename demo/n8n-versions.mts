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
