import { createRequire } from 'node:module';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';

/** Runs SQL in a database; returns the rows. */
export type Query = <Row = Record<string, unknown>>(database: string, sql: string, values?: unknown[]) => Promise<Row[]>;

interface Pool {
	query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
	on(event: 'error', listener: () => void): void;
	end(): Promise<void>;
}

/** Connections to a local PostgreSQL through n8n's own client. */
export function connectTo(n8n: InstalledN8n, port: number): { query: Query; close: () => Promise<void> } {
	const { Pool: NewPool } = createRequire(n8n.script)('pg') as { Pool: new (options: object) => Pool };
	const pools = new Map<string, Pool>();
	const poolOf = (database: string): Pool => {
		const known = pools.get(database);
		if (known) return known;
		const pool = new NewPool({ host: '127.0.0.1', port, user: 'postgres', database, max: 2 });
		// Ignore idle connections closed by the server.
		pool.on('error', () => {});
		pools.set(database, pool);
		return pool;
	};
	return {
		query: async <Row,>(database: string, sql: string, values?: unknown[]) => (await poolOf(database).query(sql, values)).rows as Row[],
		close: async () => {
			await Promise.all([...pools.values()].map((pool) => pool.end()));
		},
	};
}
