import { join } from 'node:path';
import { OWNER } from '../../../harness/environment.mts';
import { N8nApi } from '../../../harness/n8n/api.mts';
import { saveCredential, type CredentialReference } from '../../../harness/n8n/credential.mts';
import type { InstalledN8n } from '../../../harness/n8n/install.mts';
import { RECOMMENDED, startN8n } from '../../../harness/n8n/server.mts';
import { activate, saveWorkflow, withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { installPackage, PACKAGE_NAME } from '../../../harness/package/install.mts';
import type { PackedPackage } from '../../../harness/package/pack.mts';
import type { Sandbox } from '../../../harness/sandbox-program.mts';
import { GATHER_FOR, type ExpressionEngine, type Trigger } from './contest.mts';
import { Executions } from './executions.mts';
import { INSPECT, Inspector } from './inspector.mts';
import { installMinimalPackage, MINIMAL_TYPE } from './minimal-package.mts';

const SETTINGS: Record<ExpressionEngine, NodeJS.ProcessEnv> = {
	default: {},
	lazy: RECOMMENDED,
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
};

/** An n8n with every contest trigger active, each in its own workflow. */
export interface ContestN8n {
	/** Webhook URL of each trigger. */
	urls: Record<Trigger, string>;
	executions: Executions;
	/** Of its process, if it was started for that. */
	inspector: () => Promise<Inspector>;
	stop: () => Promise<void>;
}

/** Starts an n8n in an empty folder: SQLite, otherwise n8n's defaults. */
export async function startContestN8n(
	installed: InstalledN8n,
	options: { folder: string; packed: PackedPackage; sandbox: Sandbox; engine: ExpressionEngine; isInspected?: boolean },
): Promise<ContestN8n> {
	const { folder, packed, sandbox, engine, isInspected = false } = options;
	const userFolder = join(folder, 'n8n');
	await installPackage(userFolder, packed);
	await installMinimalPackage(userFolder);
	const server = await startN8n(installed, { userFolder, log: join(folder, 'n8n.log'), port: 0, env: { ...SETTINGS[engine], ...(isInspected ? { NODE_OPTIONS: INSPECT } : {}) } });
	try {
		const api = new N8nApi(server.url);
		await api.signIn(OWNER);
		const { channelId, token, baseUrl } = sandbox;
		await sandbox.control('POST', 'clear', { all: true });
		const credential = await saveCredential(api, { channelId, apiToken: token, baseUrl });
		for (const file of WORKFLOWS) await activate(api, await saveWorkflow(api, withTheCredential(file, credential)), file.name);
		const registered = await sandbox.webhookUrls();
		const registeredBy = (name: string) => {
			const url = registered.find((one) => one.startsWith(`${server.url}/webhook/${name}/`));
			if (url === undefined) throw new Error(`The trigger of ${name} did not register itself at the channel.`);
			return url;
		};
		const executions = new Executions(join(userFolder, '.n8n', 'database.sqlite'));
		return {
			urls: {
				ours: registeredBy('bench-ours'),
				gathering: registeredBy('bench-gathering'),
				minimal: `${server.url}/webhook/bench-minimal/minimal`,
				builtIn: `${server.url}/webhook/bench-built-in`,
			},
			executions,
			inspector: async () => await Inspector.ofScript(installed.script, await server.program.lastLines(Infinity)),
			stop: async () => {
				executions.close();
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
	workflow('bench-ours', `${PACKAGE_NAME}.oneMsgTrigger`, 3, {}),
	workflow('bench-gathering', `${PACKAGE_NAME}.oneMsgTrigger`, 3, { options: { gatherFor: GATHER_FOR } }),
	workflow('bench-minimal', MINIMAL_TYPE, 1, {}),
	workflow('bench-built-in', 'n8n-nodes-base.webhook', 2, { httpMethod: 'POST', path: 'bench-built-in', options: {} }),
];
