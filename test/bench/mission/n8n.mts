import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { RECOMMENDED, startN8n, type N8nServer } from '../../../harness/n8n/server.mts';
import { installPackage } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import type { MissionContender, Stage } from './contenders.mts';

/** A row of the log as far as it is compared. */
export interface LoggedRow {
	messageId: string | null;
	phone: string | null;
	status: string | null;
}

/** A fresh n8n with one contender's workflows, and its database, read beside it. */
export interface MissionN8n extends Stage {
	server: N8nServer;
	/** Rows of the log by status, `''` where there is none; rows up to this ID are left out. */
	countByStatus: (after: number) => Record<string, number>;
	rowsAfter: (after: number) => LoggedRow[];
	lastRowId: () => number;
	/** Executions that are running, or waiting to go on. */
	openExecutions: () => number;
	stop: () => Promise<void>;
}

export interface MissionN8nOptions {
	/** Empty. */
	folder: string;
	packed: PackedPackage;
	sandbox: Sandbox;
	/** Messages per second of the channel. */
	limit: number;
	/** Further settings of n8n. */
	env?: NodeJS.ProcessEnv;
}

/** Starts n8n in an empty folder and puts the contender's workflows in place. */
export async function startMissionN8n(installed: InstalledN8n, contender: MissionContender, { folder, packed, sandbox, limit, env }: MissionN8nOptions): Promise<MissionN8n> {
	const userFolder = join(folder, 'n8n');
	if (contender.withPackage) await installPackage(userFolder, packed);
	const server = await startN8n(installed, { userFolder, log: join(folder, 'n8n.log'), port: 0, env: { ...RECOMMENDED, ...env } });
	try {
		const api = new N8nApi(server.url);
		await api.signIn(OWNER);
		const stage = await contender.putInPlace(api, server.url, sandbox, limit);
		const database = new DatabaseSync(join(userFolder, '.n8n', 'database.sqlite'), { readOnly: true, timeout: 5_000 });
		const log = `data_table_user_${stage.log.id}`;
		const number = (sql: string) => Number(database.prepare(sql).get()?.found);
		return {
			...stage,
			server,
			countByStatus: (after) => {
				const found = database.prepare(`SELECT coalesce(status, '') AS status, count(*) AS found FROM ${log} WHERE id > ? GROUP BY 1`).all(after);
				return Object.fromEntries(found.map((row) => [String(row.status), Number(row.found)]));
			},
			rowsAfter: (after) => database.prepare(`SELECT messageId, phone, status FROM ${log} WHERE id > ?`).all(after) as unknown as LoggedRow[],
			lastRowId: () => number(`SELECT coalesce(max(id), 0) AS found FROM ${log}`),
			openExecutions: () => number(`SELECT count(*) AS found FROM execution_entity WHERE status IN ('new', 'running', 'waiting')`),
			stop: async () => {
				database.close();
				await server.program.stop();
			},
		};
	} catch (error) {
		await server.program.stop();
		throw error;
	}
}
