import type { N8nApi } from './api.mts';

export interface ChannelAccess {
	channelId: string;
	apiToken: string;
	baseUrl: string;
	/** Gets every message instead of the customers. */
	testRecipient?: string;
}

/** A saved credential, the way a node refers to it. */
export interface CredentialReference {
	id: string;
	name: string;
}

/** The types of credentials that our workflows ask for, as n8n calls them. */
export type CredentialType = 'oneMsgChannelApi' | 'httpHeaderAuth' | 'smtp' | 'postgres';

interface Credential {
	name: string;
	type: CredentialType;
	data: object;
}

/** Names the credential with the header that the warehouse webhook wants. */
export const HEADER_CREDENTIAL = 'Warehouse of the demo';
/** Names the credential with which the workflows send e-mails. */
export const MAIL_CREDENTIAL = 'Mail of the demo';

/** Creates the demo's credential, or brings the one that is there up to date. */
export async function saveCredential(api: N8nApi, data: ChannelAccess): Promise<CredentialReference> {
	return await saveAnyCredential(api, { name: '1MSG channel of the demo', type: 'oneMsgChannelApi', data });
}

/** Creates a credential of any of these types, or brings the one of this name up to date. */
export async function saveAnyCredential(api: N8nApi, credential: Credential): Promise<CredentialReference> {
	const { name, type } = credential;
	const all = await api.call<Array<{ id: string; name: string; type: string }>>('GET', '/credentials');
	const found = all.find((each) => each.name === name && each.type === type);
	const { id } = found
		? await api.call<{ id: string }>('PATCH', `/credentials/${found.id}`, credential)
		: await api.call<{ id: string }>('POST', '/credentials', credential);
	return { id, name };
}
