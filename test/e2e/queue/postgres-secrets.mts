import assert from 'node:assert/strict';
import { findIn, type Finding, type Sought } from '../secrets/secrets.mts';
import type { Query } from './postgres-client.mts';

/** Column types that can hold text: not numbers, timestamps, UUIDs and the like. */
const COLUMNS = `
	SELECT table_schema AS schema, table_name AS table, column_name AS column, data_type = 'bytea' AS bytes
	FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
	WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
		AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED', 'xml')
	ORDER BY 1, 2, 3`;

interface Column {
	schema: string;
	table: string;
	column: string;
	bytes: boolean;
}

/** Searches every cell of a database for tokens and webhook secrets; where: `database: table.column`. */
export async function findInPostgres(query: Query, database: string, sought: Sought): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const { schema, table, column, bytes } of await query<Column>(database, COLUMNS)) {
		const cell = bytes ? `"${column}"` : `"${column}"::text`;
		const rows = await query<{ cell: string | Buffer }>(database, `SELECT ${cell} AS cell FROM "${schema}"."${table}" WHERE "${column}" IS NOT NULL`);
		for (const row of rows) findings.push(...findIn(`${database}: ${table}.${column}`, row.cell, sought));
	}
	return findings;
}

/** Webhook secrets in the static data of n8n's database. */
export async function webhookSecretsIn(query: Query, database: string): Promise<string[]> {
	const rows = await query<{ data: string }>(database, 'SELECT "staticData"::text AS data FROM workflow_entity WHERE "staticData" IS NOT NULL');
	return rows.flatMap(({ data }) => [...data.matchAll(/"secret": ?"([^"]+)"/g)].map(([, secret]) => secret!));
}

/** Throws if the search misses a secret in any column type used by n8n and the outbox. */
export async function findsWhatIsPlantedIn(query: Query, database: string): Promise<void> {
	const token = 'planted "token" of/a?channel+x=';
	const kinds = ['text', 'varchar(200)', 'json', 'jsonb', 'bytea'];
	for (const kind of kinds) {
		const value = kind === 'bytea' ? Buffer.from(`x${token}`) : JSON.stringify({ data: [token] });
		await query(database, `CREATE TABLE planted (id integer, "kept Here" ${kind})`);
		try {
			await query(database, 'INSERT INTO planted VALUES (1, $1)', [value]);
			const places = (await findInPostgres(query, database, { tokens: [token], secrets: [] })).map(({ where }) => where);
			assert.ok(places.includes(`${database}: planted.kept Here`), kind);
		} finally {
			await query(database, 'DROP TABLE planted');
		}
	}
}
