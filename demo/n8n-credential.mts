import type { N8nApi } from './n8n-api.mts';

export interface ChannelAccess {
	channelId: string;
	apiToken: string;
	baseUrl: string;
}

/** A saved credential, the way a node refers to it. */
export interface CredentialReference {
	id: string;
	name: string;
}

const TYPE = 'oneMsgChannelApi';
const NAME = '1MSG channel of the demo';

/** Creates the demo's credential, or brings the one that is there up to date. */
export async function saveCredential(api: N8nApi, data: ChannelAccess): Promise<CredentialReference> {
	const payload = { name: NAME, type: TYPE, data };
	const all = await api.call<Array<{ id: string; name: string; type: string }>>('GET', '/credentials');
	const found = all.find(({ name, type }) => name === NAME && type === TYPE);
	const { id } = found
		? await api.call<{ id: string }>('PATCH', `/credentials/${found.id}`, payload)
		: await api.call<{ id: string }>('POST', '/credentials', payload);
	return { id, name: NAME };
}
