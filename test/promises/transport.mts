/** The network between n8n and the channel: replaces axios' HTTP adapter and hands requests to an in-process service. */
import { Readable } from 'node:stream';
import type { AxiosError, AxiosStatic, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { VirtualTime } from './virtual-time.mts';

/** A request as received. */
export interface WireRequest {
	method: string;
	url: URL;
	/** In lower case. */
	headers: Record<string, string>;
	body: string;
	/** Whether the client has given up. */
	isGivenUp: () => boolean;
}

/** The other side's response to a request. */
export type WireAnswer =
	| { kind: 'answer'; status: number; headers?: Record<string, string>; body: string }
	/** Connection refused or unknown host: nothing was sent. */
	| { kind: 'unreached'; code: 'ECONNREFUSED' | 'ENOTFOUND' | 'EHOSTUNREACH' }
	/** The connection breaks after the request, before the answer. */
	| { kind: 'cut' }
	/** The connection breaks in the answer's body. */
	| { kind: 'half'; status: number }
	/** No answer ever. */
	| { kind: 'silence' };

/** Answers requests, in virtual time. */
export type Service = (request: WireRequest) => Promise<WireAnswer>;

/** The wire to a service. While installed, it carries every request of the line's axios. */
export class Transport {
	/** Requests of an older generation are never answered: their process is gone. */
	private generation = 0;
	private original: AxiosStatic['defaults']['adapter'];

	private readonly axios: AxiosStatic;
	private readonly time: VirtualTime;
	private readonly service: Service;

	constructor(axios: AxiosStatic, time: VirtualTime, service: Service) {
		this.axios = axios;
		this.time = time;
		this.service = service;
	}

	install(): void {
		this.original = this.axios.defaults.adapter;
		this.axios.defaults.adapter = async (config) => await this.request(config);
	}

	uninstall(): void {
		this.axios.defaults.adapter = this.original;
	}

	/** Drops all requests in progress, as in a crash. */
	dropRequests(): void {
		this.generation++;
	}

	private request(config: InternalAxiosRequestConfig, url = this.axios.getUri(config), redirects = 0): Promise<AxiosResponse> {
		const { generation } = this;
		this.time.note();
		return new Promise((resolve, reject) => {
			let isOver = false;
			const over = () => {
				const first = !isOver && generation === this.generation;
				isOver = true;
				stopTimer();
				config.signal?.removeEventListener?.('abort', onAbort);
				this.time.note();
				return first;
			};
			const onAbort = () => {
				if (over()) reject(new this.axios.CanceledError(null as never, config as never));
			};
			const stopTimer = config.timeout
				? this.time.after(Math.trunc(config.timeout), () => {
						if (over()) reject(this.error(`timeout of ${Math.trunc(config.timeout!)}ms exceeded`, 'ECONNABORTED', config));
					})
				: () => {};
			if (config.signal?.aborted) return onAbort();
			config.signal?.addEventListener?.('abort', onAbort);
			const asked: WireRequest = {
				method: (config.method ?? 'get').toUpperCase(),
				url: new URL(url),
				headers: headersOf(config),
				body: config.data === undefined || config.data === null ? '' : String(config.data),
				isGivenUp: () => isOver || generation !== this.generation,
			};
			this.service(asked).then((answer) => {
				if (answer.kind === 'silence' || !over()) return;
				const location = answer.kind === 'answer' && answer.status >= 300 && answer.status < 400 ? answer.headers?.location : undefined;
				if (location !== undefined && config.maxRedirects !== 0 && redirects < (config.maxRedirects ?? 5)) {
					this.request(config, new URL(location, url).href, redirects + 1).then(resolve, reject);
				} else if (answer.kind === 'answer') this.respond(answer, config, resolve, reject);
				else reject(this.failure(answer, asked.url, config));
			}, reject);
		});
	}

	private respond(
		{ status, headers = {}, body }: Extract<WireAnswer, { kind: 'answer' }>,
		config: InternalAxiosRequestConfig,
		resolve: (response: AxiosResponse) => void,
		reject: (error: unknown) => void,
	): void {
		const response: AxiosResponse = {
			status,
			statusText: '',
			headers: new this.axios.AxiosHeaders(headers),
			config,
			request: {},
			data: bodyAs(config.responseType, body),
		};
		if (!config.validateStatus || config.validateStatus(status)) return resolve(response);
		const code = status < 500 ? 'ERR_BAD_REQUEST' : 'ERR_BAD_RESPONSE';
		reject(new this.axios.AxiosError(`Request failed with status code ${status}`, code, config, {}, response));
	}

	/** Errors of axios' own adapter, as from Node's sockets. */
	private failure(answer: Extract<WireAnswer, { kind: 'unreached' | 'cut' | 'half' }>, url: URL, config: InternalAxiosRequestConfig): AxiosError {
		if (answer.kind === 'half') {
			const begun = { status: answer.status, statusText: '', headers: {}, config, data: undefined };
			return new this.axios.AxiosError('stream has been aborted', 'ERR_BAD_RESPONSE', config, {}, begun);
		}
		if (answer.kind === 'cut') return this.socketError('socket hang up', { code: 'ECONNRESET' }, config);
		if (answer.code === 'ENOTFOUND') {
			return this.socketError(`getaddrinfo ENOTFOUND ${url.hostname}`, { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: url.hostname }, config);
		}
		const port = url.port || (url.protocol === 'http:' ? '80' : '443');
		return this.socketError(`connect ${answer.code} 192.0.2.1:${port}`, { code: answer.code, syscall: 'connect', address: '192.0.2.1', port: Number(port) }, config);
	}

	private error(message: string, code: string, config: InternalAxiosRequestConfig): AxiosError {
		return new this.axios.AxiosError(message, code, config, {});
	}

	private socketError(message: string, fields: object, config: InternalAxiosRequestConfig): AxiosError {
		return this.axios.AxiosError.from(Object.assign(new Error(message), fields), undefined, config, {});
	}
}

function headersOf(config: InternalAxiosRequestConfig): Record<string, string> {
	const given = config.headers.toJSON() as Record<string, unknown>;
	return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function bodyAs(type: InternalAxiosRequestConfig['responseType'], body: string): unknown {
	if (type === 'arraybuffer') return Buffer.from(body);
	if (type === 'stream') return Readable.from([Buffer.from(body)]);
	return body;
}
