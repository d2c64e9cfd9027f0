import type { N8nApi } from './n8n-api.mts';

export interface Column {
	name: string;
	type: 'string' | 'number' | 'boolean' | 'date';
}

/** A row of the log, as the workflows write it. */
export interface LogRow {
	id: number;
	messageId: string | null;
	phone: string | null;
	orderReference: string | null;
	productName: string | null;
	outcome: string | null;
	acceptedAt: string | null;
	status: string | null;
	rank: number | null;
	statusAt: string | null;
	errorCode: string | null;
	errorMessage: string | null;
}

/** The demo's Data Table in n8n. */
export class LogTable {
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

	/** Finds the table by its name in the owner's personal project, or creates it. */
	static async open(api: N8nApi, name: string, columns: Column[]): Promise<LogTable> {
		const { id: project } = await api.call<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project}/data-tables`;
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const { data } = await api.call<{ data: Array<{ id: string; name: string }> }>('GET', `${tables}?filter=${filter}`);
		const found = data.find((table) => table.name === name);
		const { id } = found ?? (await api.call<{ id: string }>('POST', tables, { name, columns }));
		return new LogTable(api, tables, { id, name });
	}

	/** The rows whose column holds the value, oldest first. */
	async rowsWhere(columnName: keyof LogRow, value: string): Promise<LogRow[]> {
		const filter = { type: 'and', filters: [{ columnName, condition: 'eq', value }] };
		const query = `filter=${encodeURIComponent(JSON.stringify(filter))}&sortBy=id:asc`;
		const { data } = await this.api.call<{ data: LogRow[] }>('GET', `${this.path}/rows?${query}`);
		return data;
	}
}
