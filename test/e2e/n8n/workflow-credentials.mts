import type { N8nApi } from '../../../harness/n8n/api.mts';
import { saveAnyCredential, type CredentialType } from '../../../harness/n8n/credential.mts';
import { credentialTypeOf, withCredentials, type WorkflowFile } from '../../../harness/n8n/workflow.mts';

/** A dummy credential of each type our workflows use. */
const CREDENTIALS: Record<CredentialType, object> = {
	oneMsgChannelApi: { channelId: 'SBX000000001', apiToken: 'not-a-secret', baseUrl: 'http://127.0.0.1:9' },
	httpHeaderAuth: { name: 'X-Api-Key', value: 'not-a-secret' },
	smtp: { user: 'shop@example.com', password: 'not-a-secret', host: '127.0.0.1', port: 9, secure: false },
	postgres: { host: '127.0.0.1', port: 9, database: 'n8n', user: 'n8n', password: 'not-a-secret' },
};

/** The workflow with credentials selected in every node that needs one. */
export async function withCredentialsOfAllKinds(api: N8nApi, workflow: WorkflowFile): Promise<WorkflowFile> {
	const types = new Set(workflow.nodes.map(credentialTypeOf).filter((type) => type !== undefined));
	const saved = [...types].map(async (type) => [type, await saveAnyCredential(api, { name: `Picture: ${type}`, type, data: CREDENTIALS[type] })] as const);
	return withCredentials(workflow, Object.fromEntries(await Promise.all(saved)));
}
