import type { N8nApi } from './api.mts';

export interface ChannelAccess {
	channelId: string;
	apiToken: string;
	baseUrl: string;
	/** Receives every message instead of the customers. */
	testRecipient?: string;
}

/** A saved credential as a node references it. */
export interface CredentialReference {
	id: string;
	name: string;
}

/** Credential types that our workflows use, by n8n's names. */
export type CredentialType = 'oneMsgChannelApi' | 'httpHeaderAuth' | 'smtp' | 'postgres';

interface Credential {
	name: string;
	type: CredentialType;
	data: object;
}

/** Name of the credential that holds the warehouse webhook's header. */
export const HEADER_CREDENTIAL = 'Warehouse of the demo';
/** Name of the credential that the workflows send e-mail with. */
export const MAIL_CREDENTIAL = 'Mail of the demo';

/** Creates or updates the demo's credential. */
export async function saveCredential(api: N8nApi, data: ChannelAccess): Promise<CredentialReference> {
	return await saveAnyCredential(api, { name: '1MSG channel of the demo', type: 'oneMsgChannelApi', data });
}

/** Creates a credential, or updates the one of the same name and type. */
export async function saveAnyCredential(api: N8nApi, credential: Credential): Promise<CredentialReference> {
	const { name, type } = credential;
	const all = await api.call<Array<{ id: string; name: string; type: string }>>('GET', '/credentials');
	const found = all.find((each) => each.name === name && each.type === type);
	const { id } = found
		? await api.call<{ id: string }>('PATCH', `/credentials/${found.id}`, credential)
		: await api.call<{ id: string }>('POST', '/credentials', credential);
	return { id, name };
}
