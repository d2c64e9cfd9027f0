import { request } from 'undici';

const TIMEOUT_MS = 60_000;

/** n8n's internal REST API as the editor uses it: cookie login, JSON in and out. */
export class N8nApi {
	private readonly base: string;
	private cookie = '';
	private knownVersion: string | undefined;

	constructor(url: string) {
		this.base = `${url}/rest`;
	}

	/** Creates the owner of a fresh n8n, or signs in as the existing one. */
	async signIn(owner: Owner): Promise<void> {
		const settings = await this.call<{ userManagement: { showSetupOnFirstLoad: boolean } }>('GET', '/settings');
		if (settings.userManagement.showSetupOnFirstLoad) {
			await this.call('POST', '/owner/setup', owner);
		} else {
			await this.call('POST', '/login', { emailOrLdapLoginId: owner.email, password: owner.password });
		}
	}

	/** The n8n version, such as `2.41.1`. Requires a login. */
	async version(): Promise<string> {
		this.knownVersion ??= (await this.call<{ versionCli: string }>('GET', '/settings')).versionCli;
		return this.knownVersion;
	}

	/** One call; returns the response's `data`, throws n8n's error message if refused. */
	async call<T = unknown>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		payload?: unknown,
	): Promise<T> {
		const { statusCode, headers, body } = await request(this.base + path, {
			method,
			headers: { cookie: this.cookie, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
			body: payload === undefined ? undefined : JSON.stringify(payload),
			headersTimeout: TIMEOUT_MS,
		});
		const text = await body.text();
		const setCookie = [headers['set-cookie'] ?? []].flat();
		if (setCookie.length > 0) this.cookie = setCookie.map((cookie) => cookie.split(';')[0]).join('; ');
		if (statusCode >= 300) throw new Error(`n8n answered ${method} ${path} with ${statusCode}: ${text.slice(0, 600)}`);
		return (JSON.parse(text) as { data: T }).data;
	}
}

export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}
