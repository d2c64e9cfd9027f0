import type { N8nApi } from './api.mts';

/** Maximum number of rows per n8n response. */
const PAGE = 250;
/** Rows in one call: some hundred kB. */
const ADDED_AT_ONCE = 500;

export interface Column {
	name: string;
	type: 'string' | 'number' | 'boolean' | 'date';
}

/** A log row as the workflows write it. */
export interface LogRow {
	id: number;
	/** The message ID; without one, a text that is unique to the order's attempt. */
	logId: string | null;
	messageId: string | null;
	contactKey: string | null;
	bsuid: string | null;
	phone: string | null;
	customerName: string | null;
	orderReference: string | null;
	sku: string | null;
	productName: string | null;
	nextStep: string | null;
	email: string | null;
	/** Number of the arrival, as the warehouse was answered. */
	arrival: string | null;
	template: string | null;
	outcome: string | null;
	/** Must not be sent again. */
	told: boolean | null;
	acceptedAt: string | null;
	status: string | null;
	rank: number | null;
	statusAt: string | null;
	errorCode: string | null;
	errorMessage: string | null;
	action: string | null;
	/** Seconds. */
	retryAfter: number | null;
	tries: number | null;
	answeredAt: string | null;
	followUp: string | null;
	followUpAt: string | null;
}

/** A status that is not in its message's row yet. */
export interface StatusRow extends Pick<LogRow, 'logId' | 'messageId' | 'status' | 'rank' | 'statusAt' | 'errorCode' | 'errorMessage' | 'action' | 'retryAfter'> {
	id: number;
}

/** A customer who opted out. */
export interface OptOutRow {
	id: number;
	/** Empty in rows entered by hand. */
	contactKey: string | null;
	phone: string | null;
	reason: string | null;
	at: string | null;
}

/** A task for a person. */
export interface TaskRow {
	id: number;
	phone: string | null;
	orderReference: string | null;
	what: string | null;
	messageId: string | null;
	madeAt: string | null;
	done: boolean | null;
}

/** An n8n Data Table. */
export class DataTable<Row extends { id: number }> {
	readonly id: string;
	readonly name: string;
	private readonly api: N8nApi;
	private readonly path: string;

	private constructor(api: N8nApi, tables: string, { id, name }: { id: string; name: string }) {
		this.id = id;
		this.name = name;
		this.api = api;
		this.path = `${tables}/${id}`;
	}

	/** Opens the table by name in the owner's personal project, adding missing columns, or creates it. Throws if it doesn't exist and no columns are given. */
	static async open<Row extends { id: number }>(api: N8nApi, name: string, columns?: Column[]): Promise<DataTable<Row>> {
		const { id: project } = await api.call<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project}/data-tables`;
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const { data } = await api.call<{ data: Array<{ id: string; name: string }> }>('GET', `${tables}?filter=${filter}`);
		const found = data.find((table) => table.name === name);
		if (!found && !columns) throw new Error(`There is no table ${name}.`);
		const { id } = found ?? (await api.call<{ id: string }>('POST', tables, { name, columns }));
		const table = new DataTable<Row>(api, tables, { id, name });
		if (found && columns) await table.addMissing(columns);
		return table;
	}

	/** Column names, in order. */
	async columns(): Promise<string[]> {
		const columns = await this.api.call<Array<{ name: string; index: number }>>('GET', `${this.path}/columns`);
		return columns.sort((a, b) => a.index - b.index).map(({ name }) => name);
	}

	/** All rows, oldest first. */
	async rows(): Promise<Row[]> {
		return await this.read('');
	}

	/** Rows whose column has this value, oldest first. */
	async rowsWhere(columnName: keyof Row & string, value: string): Promise<Row[]> {
		return await this.read(queryOf({ [columnName]: value }));
	}

	/** Updates the rows whose column has this value. */
	async change(columnName: keyof Row & string, value: string, data: Partial<Row>): Promise<void> {
		await this.api.call('PATCH', `${this.path}/rows`, { filter: filterOf({ [columnName]: value }), data });
	}

	/** Number of rows with these values. */
	async count(where: Partial<Row>): Promise<number> {
		return (await this.api.call<{ count: number }>('GET', `${this.path}/rows?take=1${queryOf(where)}`)).count;
	}

	/** Adds rows; omitted columns stay empty. */
	async add(rows: Array<Partial<Row>>): Promise<void> {
		for (let start = 0; start < rows.length; start += ADDED_AT_ONCE) await this.api.call('POST', `${this.path}/insert`, { data: rows.slice(start, start + ADDED_AT_ONCE), returnType: 'count' });
	}

	private async addMissing(columns: Column[]): Promise<void> {
		const known = await this.columns();
		for (const column of columns) if (!known.includes(column.name)) await this.api.call('POST', `${this.path}/columns`, column);
	}

	private async read(query: string): Promise<Row[]> {
		const rows: Row[] = [];
		for (;;) {
			const { data, count } = await this.api.call<{ data: Row[]; count: number }>('GET', `${this.path}/rows?sortBy=id:asc&take=${PAGE}&skip=${rows.length}${query}`);
			rows.push(...data);
			if (data.length === 0 || rows.length >= count) return rows;
		}
	}
}

function filterOf(where: object) {
	return { type: 'and', filters: Object.entries(where).map(([columnName, value]) => ({ columnName, condition: 'eq', value: value as unknown })) };
}

function queryOf(where: object): string {
	return `&filter=${encodeURIComponent(JSON.stringify(filterOf(where)))}`;
}

export type LogTable = DataTable<LogRow>;
