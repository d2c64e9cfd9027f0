import type { N8nApi } from '../../demo/n8n-api.mts';
import type { WorkflowFile, WorkflowNode } from '../../demo/n8n-workflow.mts';
import { PACKAGE_NAME } from '../../demo/package-install.mts';

/** A credential that nothing is sent with, of each kind that our workflows ask for. */
const KINDS: Record<string, Record<string, unknown>> = {
	oneMsgChannelApi: { channelId: 'SBX000000001', apiToken: 'not-a-secret', baseUrl: 'http://127.0.0.1:9' },
	httpHeaderAuth: { name: 'X-Api-Key', value: 'not-a-secret' },
	smtp: { user: 'shop@example.com', password: 'not-a-secret', host: '127.0.0.1', port: 9, secure: false },
	postgres: { host: '127.0.0.1', port: 9, database: 'n8n', user: 'n8n', password: 'not-a-secret' },
};

/** The workflow as it is once a person has chosen a credential wherever a node asks for one. */
export async function withCredentialsOfAllKinds(api: N8nApi, workflow: WorkflowFile): Promise<WorkflowFile> {
	const ids = new Map<string, string>();
	for (const kind of new Set(workflow.nodes.map(kindOf))) {
		if (kind === undefined) continue;
		const { id } = await api.call<{ id: string }>('POST', '/credentials', { name: `Picture: ${kind}`, type: kind, data: KINDS[kind] });
		ids.set(kind, id);
	}
	const nodes = workflow.nodes.map((node) => {
		const kind = kindOf(node);
		return kind === undefined ? node : { ...node, credentials: { [kind]: { id: ids.get(kind)!, name: `Picture: ${kind}` } } };
	});
	return { ...workflow, nodes };
}

/** The kind of credential that a node asks for. */
function kindOf({ type, parameters }: WorkflowNode): string | undefined {
	if (type.startsWith(`${PACKAGE_NAME}.`)) return 'oneMsgChannelApi';
	if (type === 'n8n-nodes-base.webhook' && parameters.authentication === 'headerAuth') return 'httpHeaderAuth';
	if (type === 'n8n-nodes-base.emailSend') return 'smtp';
	if (type === 'n8n-nodes-base.postgres') return 'postgres';
	return undefined;
}
