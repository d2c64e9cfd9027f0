import type { N8nApi } from '../../demo/n8n-api.mts';

export type Row = Record<string, string | number | boolean | null>;

/** A Data Table that a workflow has made, as a person sees and fills it in n8n. */
export class DataTable {
	private readonly api: N8nApi;
	private readonly path: string;

	private constructor(api: N8nApi, path: string) {
		this.api = api;
		this.path = path;
	}

	/** Finds it by its name; throws where there is none. */
	static async find(api: N8nApi, name: string): Promise<DataTable> {
		const { id: project } = await api.call<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project}/data-tables`;
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const { data } = await api.call<{ data: Array<{ id: string; name: string }> }>('GET', `${tables}?filter=${filter}`);
		const found = data.find((table) => table.name === name);
		if (!found) throw new Error(`There is no table ${name}.`);
		return new DataTable(api, `${tables}/${found.id}`);
	}

	/** The names of its columns, in their order. */
	async columns(): Promise<string[]> {
		const columns = await this.api.call<Array<{ name: string; index: number }>>('GET', `${this.path}/columns`);
		return columns.sort((a, b) => a.index - b.index).map(({ name }) => name);
	}

	async insert(rows: Row[]): Promise<void> {
		await this.api.call('POST', `${this.path}/insert`, { data: rows, returnType: 'count' });
	}

	/** Changes the rows whose column holds the value. */
	async change(columnName: string, value: string, data: Row): Promise<void> {
		await this.api.call('PATCH', `${this.path}/rows`, { filter: filterOf(columnName, value), data });
	}

	/** The rows whose column holds the value, oldest first; without a column all of them. */
	async rows(columnName?: string, value = ''): Promise<Row[]> {
		const filter = columnName === undefined ? '' : `&filter=${encodeURIComponent(JSON.stringify(filterOf(columnName, value)))}`;
		return (await this.api.call<{ data: Row[] }>('GET', `${this.path}/rows?take=250&sortBy=id:asc${filter}`)).data;
	}
}

function filterOf(columnName: string, value: string) {
	return { type: 'and', filters: [{ columnName, condition: 'eq', value }] };
}
