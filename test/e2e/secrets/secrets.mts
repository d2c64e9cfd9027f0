import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** Secrets to search for. */
export interface Sought {
	/** Channel tokens. */
	tokens: string[];
	/** Webhook secrets. */
	secrets: string[];
}

/** A place where a secret appears. */
export interface Finding {
	what: 'token' | 'secret';
	/** The file; for a database, followed by a colon, table and column. */
	where: string;
	/** Its encoding there. */
	form: string;
}

type Form = [form: string, needle: string];

/** n8n's static data column, which may hold a webhook secret. */
const STATIC_DATA = 'workflow_entity.staticData';
const SQLITE = Buffer.from('SQLite format 3\0');
const SKIPPED = new Set(['node_modules', 'sandbox.log']);
/** The editor's own files: n8n copies them from its package at each start. */
const EDITOR = join('.cache', 'n8n', 'public');
/** Nesting depth of the search. */
const DEEPEST = 3;
/** A gzip, zlib or zstd stream in base64. */
const PACKED_TEXT = /(?:H4sI|e[AFJN]|KLUv)[\w+/-]{20,}={0,2}/g;
const OPENERS = [
	{ begins: (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b, open: gunzipSync },
	{ begins: (bytes: Buffer) => bytes[0] === 0x78 && bytes.length > 1 && bytes.readUInt16BE(0) % 31 === 0, open: inflateSync },
	{ begins: (bytes: Buffer) => bytes.length > 3 && bytes.readUInt32LE(0) === 0xfd2fb528, open: zstdDecompressSync },
];

/**
 * Searches everything under a folder for tokens and webhook secrets: files, each cell of each SQLite database, and
 * compressed data in them; plain, as JSON text, URL-encoded, in hex and in base64. Skips `node_modules`, the
 * editor's own files, and the sandbox's log, which is the service's. Call it after n8n has ended.
 */
export async function findSecrets(folder: string, sought: Sought): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const file of await filesUnder(folder)) {
		const where = relative(folder, file);
		const bytes = await readFile(file);
		if (!bytes.subarray(0, SQLITE.length).equals(SQLITE)) {
			// The write-ahead log holds database pages: whatever a cell may hold is allowed here.
			findings.push(...findIn(where, bytes, where.endsWith('-wal') ? { ...sought, secrets: [] } : sought));
			continue;
		}
		for (const [column, cell] of cellsOf(file)) findings.push(...findIn(`${where}: ${column}`, cell, sought));
		findings.push(...findIn(`${where}: its bytes`, bytes, { ...sought, secrets: [] }));
	}
	return distinct(findings);
}

/** Forbidden findings: all but webhook secrets in static data. */
export function leaks(findings: Finding[]): Finding[] {
	return findings.filter(({ what, where }) => what === 'token' || !where.endsWith(STATIC_DATA));
}

/** Webhook secrets in the static data of databases under a folder. */
export async function webhookSecrets(folder: string): Promise<string[]> {
	const found = new Set<string>();
	for (const file of await filesUnder(folder)) {
		if (!(await readFile(file)).subarray(0, SQLITE.length).equals(SQLITE)) continue;
		for (const [column, cell] of cellsOf(file)) {
			if (column !== STATIC_DATA) continue;
			for (const [, secret = ''] of cell.toString().matchAll(/"secret":"([^"]+)"/g)) found.add(secret);
		}
	}
	return [...found];
}

/** Searches bytes or text, including compressed data. */
export function findIn(where: string, content: Buffer | string, { tokens, secrets }: Sought, depth = 0): Finding[] {
	const bytes = typeof content === 'string' ? Buffer.from(content) : content;
	const named = [...tokens.map((secret) => ({ what: 'token' as const, secret })), ...secrets.map((secret) => ({ what: 'secret' as const, secret }))];
	const findings = named.flatMap(({ what, secret }) =>
		formsOf(secret).flatMap(([form, needle]) => (bytes.includes(needle) ? [{ what, where, form }] : [])),
	);
	if (depth === DEEPEST) return findings;
	const packed = [bytes, ...[...bytes.toString('latin1').matchAll(PACKED_TEXT)].map(([text]) => Buffer.from(text, 'base64'))];
	const inner = packed.flatMap((one) => unpacked(one).flatMap((open) => findIn(where, open, { tokens, secrets }, depth + 1)));
	return distinct([...findings, ...inner.map((finding) => ({ ...finding, form: `compressed, ${finding.form}` }))]);
}

const known = new Map<string, Form[]>();

/** Distinct encodings of a secret. */
function formsOf(secret: string): Form[] {
	const forms = known.get(secret) ?? formsAnewOf(secret);
	known.set(secret, forms);
	return forms;
}

function formsAnewOf(secret: string): Form[] {
	const json = JSON.stringify(secret).slice(1, -1);
	const all: Form[] = [
		['plain', secret],
		['in JSON', json],
		['in JSON in JSON', JSON.stringify(json).slice(1, -1)],
		['URL-encoded', encodeURIComponent(secret)],
		['in hex', Buffer.from(secret).toString('hex')],
		...[0, 1, 2].flatMap((shift) => {
			const needle = base64At(secret, shift);
			return [['in base64', needle], ['in base64url', needle.replaceAll('+', '-').replaceAll('/', '_')]] as Form[];
		}),
	];
	return all.filter(([, needle], index) => needle !== '' && all.findIndex((other) => other[1] === needle) === index);
}

/** The invariant part of a base64 text, regardless of the secret's neighbours, if it begins `shift` bytes into a group. */
function base64At(secret: string, shift: number): string {
	const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
	const whole = bytes.length - (bytes.length % 3);
	return bytes.subarray(0, whole).toString('base64').slice(shift === 0 ? 0 : 4);
}

/** Content of a compressed stream; empty for anything else. */
function unpacked(bytes: Buffer): Buffer[] {
	const open = OPENERS.find(({ begins }) => begins(bytes))?.open;
	if (open === undefined) return [];
	try {
		return [open(bytes)];
	} catch {
		return [];
	}
}

/** Every text and blob of a database, with its `table.column`. */
function* cellsOf(file: string): Generator<[column: string, cell: Buffer]> {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as Array<{ name: string }>;
		for (const { name } of tables) {
			for (const row of database.prepare(`SELECT * FROM "${name}"`).iterate()) {
				for (const [column, value] of Object.entries(row)) {
					if (typeof value === 'string') yield [`${name}.${column}`, Buffer.from(value)];
					if (value instanceof Uint8Array) yield [`${name}.${column}`, Buffer.from(value)];
				}
			}
		}
	} finally {
		database.close();
	}
}

async function filesUnder(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	const files = await Promise.all(
		entries
			.filter(({ name }) => !SKIPPED.has(name))
			.map(async (entry) => {
				const path = join(folder, entry.name);
				if (path.endsWith(EDITOR)) return [];
				return entry.isDirectory() ? await filesUnder(path) : entry.isFile() ? [path] : [];
			}),
	);
	return files.flat();
}

function distinct(findings: Finding[]): Finding[] {
	const seen = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
	return [...seen.values()];
}
