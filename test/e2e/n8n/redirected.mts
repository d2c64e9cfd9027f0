import type { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential } from '../../../harness/n8n/credential.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';

/** Runs a function while the credential's Test Recipient gets every message. */
export async function redirected<T>(api: N8nApi, { channelId, token: apiToken, baseUrl }: Sandbox, testRecipient: string, work: () => Promise<T>): Promise<T> {
	await saveCredential(api, { channelId, apiToken, baseUrl, testRecipient });
	try {
		return await work();
	} finally {
		await saveCredential(api, { channelId, apiToken, baseUrl, testRecipient: '' });
	}
}
