import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import { readChannel, type Channel } from '../core/channel/channel';
import type { Answer } from '../core/outcome/outcome';
import { ok, type Result } from '../core/problem';
import { quote } from '../core/redact';
import { isBlank } from '../core/value';
import { within } from './requestWatch';

export type ChannelContext = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IWebhookFunctions;

/** A channel as configured in the node's credential. */
export interface OpenChannel extends Channel {
	/** Receives every message instead of its recipient, unvalidated; empty if messages go to customers. */
	testRecipient: unknown;
	/** The credential as it was when the channel was opened; its requests are signed with it. */
	fields: ICredentialDataDecryptedObject;
}

export interface ChannelRequest {
	method: IHttpRequestMethods;
	/** Starts with a slash; appended to base URL and channel ID. */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** Milliseconds for the whole answer. */
	timeout: number;
}

export const CREDENTIAL = 'oneMsgChannelApi';

/** Default milliseconds for one answer. */
export const DEFAULT_TIMEOUT = 30_000;

/** Reads the node's credential; unusable fields are a problem, a missing credential is n8n's own error. */
export async function openChannel(context: ChannelContext): Promise<Result<OpenChannel>> {
	const fields = await context.getCredentials(CREDENTIAL);
	const channel = readChannel(fields);
	if (!channel.ok) return channel;
	// Any value means that customers must not be messaged, even if it is not a phone.
	return ok({ ...channel.value, testRecipient: isBlank(fields.testRecipient) ? '' : fields.testRecipient, fields });
}

/** Sends a request to the channel. Never throws: every failure is an `Answer`, without secrets. */
export async function ask(context: ChannelContext, channel: OpenChannel, request: ChannelRequest): Promise<Answer> {
	try {
		const options: IHttpRequestOptions = {
			method: request.method,
			url: channel.root + request.path,
			qs: request.query,
			body: request.body,
			// Explicit, because the mission has the bare type, without a charset.
			headers: { Accept: 'application/json', ...(request.body ? { 'Content-Type': 'application/json' } : {}) },
			timeout: request.timeout,
			encoding: 'text',
			// Otherwise n8n resends a request after a 401, and a redirect would carry the token elsewhere.
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			returnFullResponse: true,
		};
		// Otherwise n8n reads the credential from its database and decrypts it for every request, which is half of a message's CPU.
		const credentialsDecrypted = { id: '', name: CREDENTIAL, type: CREDENTIAL, data: channel.fields };
		const asking = context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL, options, { credentialsDecrypted }) as Promise<IN8nHttpFullResponse>;
		const response = await within(request.timeout, asking);
		if (!response) return { kind: 'lost', reason: noAnswerWithin(request.timeout) };
		return {
			kind: 'answer',
			status: response.statusCode,
			headers: response.headers,
			text: typeof response.body === 'string' ? response.body : JSON.stringify(response.body ?? ''),
		};
	} catch (error) {
		return readNetworkFailure(error, request.timeout, channel.secrets);
	}
}

/** Error codes of requests that were never sent: address, connection or TLS handshake failed. */
const NEVER_LEFT = new Map([
	['ECONNREFUSED', 'nothing accepts connections there'],
	['ENOTFOUND', 'no such host'],
	['EAI_AGAIN', 'the host name cannot be looked up'],
	['EHOSTUNREACH', 'no route to the host'],
	['ENETUNREACH', 'no route to the network'],
	['ERR_INVALID_URL', 'the address is not valid'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
	['CERT_HAS_EXPIRED', 'its certificate has expired'],
	['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is self-signed'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is self-signed'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted'],
	['UNABLE_TO_GET_ISSUER_CERT', 'its certificate is not trusted'],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not trusted'],
]);
const HANDSHAKE = /wrong version number|unsupported protocol|handshake failure|no shared cipher|unrecognized name/i;

function readNetworkFailure(error: unknown, timeout: number, secrets: readonly string[]): Answer {
	const links = chain(error);
	const codes = links.flatMap((link) => [link.code, link.httpCode]).filter((code) => typeof code === 'string');
	const said = quote(links.map((link) => String(link.message ?? '')).join(' '), secrets);
	const blocked = links.some((link) => /ssrf/i.test(String(link.name ?? '') + String(link.constructor?.name ?? '')));
	if (blocked) {
		return { kind: 'unreached', code: 'ssrf', reason: `this n8n does not allow requests to that address (N8N_SSRF_... settings): ${said}` };
	}
	for (const code of codes) {
		const why = NEVER_LEFT.get(code);
		if (why !== undefined) return { kind: 'unreached', code, reason: `${why} (${code})` };
	}
	if (HANDSHAKE.test(said)) return { kind: 'unreached', code: 'tls', reason: 'the TLS handshake failed' };
	if (codes.includes('ERR_CANCELED')) return { kind: 'lost', reason: 'the execution was cancelled while the answer was awaited' };
	if (codes.some((code) => code === 'ECONNABORTED' || code === 'ETIMEDOUT')) {
		return { kind: 'lost', reason: noAnswerWithin(timeout) };
	}
	const code = codes[0];
	return { kind: 'lost', reason: `the connection was lost before a complete answer came${code === undefined ? '' : ` (${code})`}` };
}

function noAnswerWithin(timeout: number): string {
	return `no answer within ${Math.round(timeout) / 1000} seconds`;
}

interface ErrorLink {
	name?: unknown;
	code?: unknown;
	httpCode?: unknown;
	message?: unknown;
}

/** The error and its causes, outermost first: n8n wraps axios' error, in different ways per version. */
function chain(error: unknown): ErrorLink[] {
	const links: ErrorLink[] = [];
	let next: unknown = error;
	while (next !== null && typeof next === 'object' && links.length < 6) {
		links.push(next);
		const { cause, errorResponse } = next as { cause?: unknown; errorResponse?: unknown };
		next = cause ?? errorResponse;
	}
	return links;
}
