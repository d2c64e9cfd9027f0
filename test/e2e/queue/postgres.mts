import { rmSync } from 'node:fs';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../harness/process/ports.mts';
import { Program } from '../../../harness/process/process.mts';
import { run } from '../../../harness/process/run.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { installPostgres } from './postgres-install.mts';
import { connectTo, type Query } from './postgres-client.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';

const START_TIMEOUT_MS = 60_000;
/** Debian's user `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

export const POSTGRES_USER = 'postgres';

/** A private local PostgreSQL. */
export interface Postgres {
	port: number;
	program: Program;
	/** Runs SQL in a database; n8n's and the outbox's are separate. */
	query: Query;
	/** Closes connections, stops the server and removes its folder. */
	stop: () => Promise<void>;
}

/** Starts PostgreSQL 17 in a temporary folder with these databases. `n8n` provides the client. */
export async function startPostgres(databases: string[], n8n: InstalledN8n, log: string, say: (line: string) => void): Promise<Postgres> {
	const native = await installPostgres(say);
	const folder = await mkdtemp(join(tmpdir(), '1msg-postgres-'));
	const remove = () => rm(folder, { recursive: true, force: true });
	// A process ended by a signal never calls `stop`.
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	try {
		const asRoot = process.getuid?.() === 0;
		// Other users can't read root's cache folder.
		const programs = asRoot ? join(folder, 'native') : native;
		if (asRoot) {
			await cp(native, programs, { recursive: true, verbatimSymlinks: true });
			await chown(folder, NOBODY, NOBODY);
		}
		const as = (name: string, args: string[]): [string, string[]] => {
			const program = join(programs, 'bin', name);
			return asRoot
				? ['setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', program, ...args]]
				: [program, args];
		};
		const data = join(folder, 'data');
		await run(...as('initdb', ['-D', data, '-U', POSTGRES_USER, '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']), { cwd: folder });

		const port = await freePort(0);
		const [command, args] = as('postgres', ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off']);
		const program = new Program({ name: 'PostgreSQL', command, args, log });
		const client = connectTo(n8n, port);
		const stop = async () => {
			await client.close();
			await program.stop();
			await remove();
		};
		try {
			await waitFor({
				what: `PostgreSQL to answer on port ${port} (its log: ${log})`,
				timeoutMs: START_TIMEOUT_MS,
				look: async () => {
					await program.mustRun();
					return await client.query(POSTGRES_USER, 'SELECT 1').catch(() => undefined);
				},
			});
			for (const name of databases) await client.query(POSTGRES_USER, `CREATE DATABASE ${name}`);
		} catch (error) {
			await stop();
			throw error;
		}
		return { port, program, query: client.query, stop };
	} catch (error) {
		await remove();
		throw error;
	}
}
