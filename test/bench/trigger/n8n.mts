import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential, type CredentialReference } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { startN8n } from '../../../harness/n8n/server.mts';
import { activate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { installPackage, PACKAGE_NAME } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import type { ExpressionEngine, Trigger } from './contest.mts';
import { installMinimalPackage, MINIMAL_TYPE } from './minimal-package.mts';

const QUIET_TIMEOUT_MS = 60_000;
const QUIET_PAUSE_MS = 10;

/** An n8n with every contest trigger active, each in its own workflow. */
export interface ContestN8n {
	/** Webhook URL of each trigger. */
	urls: Record<Trigger, string>;
	/** Total number of executions. */
	executions: () => number;
	/** Waits until nothing is executing. */
	quiet: () => Promise<void>;
	stop: () => Promise<void>;
}

/** Starts an n8n in an empty folder: SQLite, otherwise n8n's defaults. */
export async function startContestN8n(
	installed: InstalledN8n,
	options: { folder: string; packed: PackedPackage; sandbox: Sandbox; engine: ExpressionEngine },
): Promise<ContestN8n> {
	const { folder, packed, sandbox, engine } = options;
	const userFolder = join(folder, 'n8n');
	await installPackage(userFolder, packed);
	await installMinimalPackage(userFolder);
	const env: NodeJS.ProcessEnv = engine === 'default' ? {} : { N8N_EXPRESSION_ENGINE: engine };
	const server = await startN8n(installed, { userFolder, log: join(folder, 'n8n.log'), port: 0, env });
	try {
		const api = new N8nApi(server.url);
		await api.signIn(OWNER);
		const { channelId, token, baseUrl } = sandbox;
		await sandbox.control('POST', 'clear', { all: true });
		const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
		for (const file of WORKFLOWS) await activate(api, await saveWorkflow(api, withTheCredential(file, credential)), file.name);
		const ours = (await sandbox.webhookUrls()).find((url) => url.startsWith(server.url));
		if (ours === undefined) throw new Error('The trigger did not register itself at the channel.');
		const database = new DatabaseSync(join(userFolder, '.n8n', 'database.sqlite'), { readOnly: true });
		const count = (where: string) => Number(database.prepare(`SELECT count(*) AS found FROM execution_entity ${where}`).get()?.found);
		return {
			urls: { ours, minimal: `${server.url}/webhook/bench-minimal/minimal`, builtIn: `${server.url}/webhook/bench-built-in` },
			executions: () => count(''),
			quiet: async () => {
				await waitFor({
					what: 'the executions to end',
					timeoutMs: QUIET_TIMEOUT_MS,
					pauseMs: QUIET_PAUSE_MS,
					look: async () => (count("WHERE status IN ('new', 'running')") === 0 ? true : undefined),
				});
			},
			stop: async () => {
				database.close();
				await server.program.stop();
			},
		};
	} catch (error) {
		await server.program.stop();
		throw error;
	}
}

/** Both community triggers need it: n8n checks it for each execution. */
function withTheCredential(file: WorkflowFile, credential: CredentialReference): WorkflowFile {
	const nodes = file.nodes.map((node) => (node.type === MINIMAL_TYPE ? { ...node, credentials: { oneMsgChannelApi: credential } } : node));
	return withCredential({ ...file, nodes }, credential);
}

function workflow(name: string, type: string, typeVersion: number, parameters: Record<string, unknown>): WorkflowFile {
	const node = { id: name, name: 'Trigger', type, typeVersion, position: [0, 0], webhookId: name, parameters };
	return { name, nodes: [node], connections: {}, settings: { executionOrder: 'v1' } };
}

/** Nothing follows the triggers: the comparison ends at the execution's start. */
const WORKFLOWS: WorkflowFile[] = [
	workflow('bench-ours', `${PACKAGE_NAME}.oneMsgTrigger`, 2, {}),
	workflow('bench-minimal', MINIMAL_TYPE, 1, {}),
	workflow('bench-built-in', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path: 'bench-built-in', options: {} }),
];
