import assert from 'node:assert/strict';
import { request } from 'undici';
import type { Environment } from '../../../harness/environment.mts';
import { saveCredential, type CredentialReference } from '../../../harness/n8n/credential.mts';
import { activate, saveWorkflow, type WorkflowFile, type WorkflowNode } from '../../../harness/n8n/workflow.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { startChatModel } from '../fakes/chat-model.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 60_000;
/** Parameters for the model, with their descriptions. */
const ASKED = {
	phone: 'Phone number of the customer, in international format',
	customerName: 'Name of the customer',
	orderReference: 'Number of the order',
	productName: 'What has arrived',
	nextStep: 'What happens next, as a sentence without a full stop',
};
const TEXT = 'Hello, Alexey! For order #10482, item "Oak shelf" is now in stock. We ship it tomorrow.';
const ARRIVAL = { phone: '+7 912 345-67-89', customerName: 'Alexey', orderReference: '10482', productName: 'Oak shelf', nextStep: 'We ship it tomorrow' };
/** OpenAI's two APIs, and the tool node's error behaviour: n8n's default, or continue. */
const SETUPS: Setup[] = [
	{ path: '/v1/responses', responsesApiEnabled: true, onError: undefined },
	{ path: '/v1/chat/completions', responsesApiEnabled: false, onError: 'continueRegularOutput' },
];

interface Setup {
	path: string;
	responsesApiEnabled: boolean;
	onError: 'continueRegularOutput' | undefined;
}

/** A model uses our node as a tool of n8n's AI Agent and learns from its errors. Clears the channel. */
export async function agentStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { api, n8n: { url }, sandbox }: Environment): Promise<void> {
	if (!sandbox) throw new Error('The story needs the sandbox.');
	const { token, channelId, baseUrl } = sandbox;
	const model = await startChatModel();
	try {
		await mustStep('workflows with an AI Agent, a stand-in model and our node as its tool are in service', async () => {
			const channel = await saveCredential(api, { channelId, apiToken: token, baseUrl });
			const { id } = await api.call<{ id: string }>('POST', '/credentials', { name: 'Model', type: 'openAiApi', data: { apiKey: 'stand-in', url: model.url } });
			for (const setup of SETUPS) {
				const file = workflow(setup, channel, { id, name: 'Model' });
				await activate(api, await saveWorkflow(api, file), file.name);
			}
		});
		const sends = async () => (await sandbox.calls('sendTemplate')).length;
		const textsToCustomer = async () => (await sandbox.messagesTo('79123456789')).map(({ text }) => text.split('\n')[0]);

		for (const setup of SETUPS) {
			const { path, onError } = setup;
			/** Runs one conversation on an empty channel, with the model's turns. */
			const ask = async (...turns: Parameters<typeof model.play>) => {
				await sandbox.control('POST', 'clear', { all: true });
				model.play(...turns);
				return await say(`${url}/webhook/${nameOf(setup)}`, 'The oak shelf of order 10482 is here. Tell Alexey.');
			};
			/** The tool's answer to each call. */
			const heard = () => model.told.at(-1)?.results ?? [];

			await step(`${path}: the model sees one tool, with our fields and their words`, async () => {
				assert.equal(await ask({ say: 'Nothing to do.' }), 'Nothing to do.');
				assert.deepEqual(model.told.map((told) => told.path), [path]);
				const { tools = [] } = model.told[0] ?? {};
				assert.equal(tools.length, 1);
				assert.match(tools[0]!.description, /stock arrival template/i);
				const { properties, required } = tools[0]!.parameters;
				assert.deepEqual(Object.fromEntries(Object.entries(properties).map(([name, { description }]) => [name, description])), ASKED);
				assert.deepEqual(required, Object.keys(ASKED));
			});

			await step(`${path}: one arrival, and the message reaches the customer; the model's words are the output`, async () => {
				assert.equal(await ask({ call: ARRIVAL }, { say: 'Alexey knows.' }), 'Alexey knows.');
				assert.deepEqual(await textsToCustomer(), [TEXT]);
				const [{ id } = { id: '' }] = await sandbox.messagesTo('79123456789');
				assert.match(heard()[0] ?? '', /"outcome":\s*"accepted"/);
				assert.ok(heard()[0]?.includes(id), heard()[0]);
			});

			await step(`${path}: a phone that is none comes back as a sentence, and the model mends its call`, async () => {
				assert.equal(await ask({ call: { ...ARRIVAL, phone: 'nobody' } }, { call: ARRIVAL }, { say: 'Now Alexey knows.' }), 'Now Alexey knows.');
				assert.match(heard()[0] ?? '', /nobody\\?" is not a customer that WhatsApp can reach: it is no phone number/);
				assert.match(heard()[1] ?? '', /"outcome":\s*"accepted"/);
				assert.equal(await sends(), 1);
				assert.deepEqual(await textsToCustomer(), [TEXT]);
			});

			await step(`${path}: a value left empty comes back naming the field, and nothing is sent`, async () => {
				await ask({ call: { ...ARRIVAL, nextStep: ' ' } }, { say: 'I do not know what comes next.' });
				assert.match(heard()[0] ?? '', /next step/i);
				assert.equal(await sends(), 0);
			});

			await step(`${path}: a refusal of the service comes back in words, without the token that the service quotes`, async () => {
				const script = { path: 'sendTemplate', answers: [{ status: 401, body: { error: `Wrong token "${token}". Please provide token as a GET parameter.` } }] };
				await sandbox.control('POST', 'clear', { all: true });
				await sandbox.control('POST', 'script', script);
				model.play({ call: ARRIVAL }, { say: 'A person has to look.' });
				assert.equal(await say(`${url}/webhook/${nameOf(setup)}`, 'Tell Alexey.'), 'A person has to look.');
				assert.match(heard()[0] ?? '', /token/i);
				assert.ok(!model.requests.join('\n').includes(token));
				if (onError === 'continueRegularOutput') assert.match(heard()[0] ?? '', /"action":\s*"alertPerson"/);
			});
		}
	} finally {
		model.stop();
	}
}

function nameOf({ path }: Setup): string {
	return `agent${path.replaceAll('/', '-')}`;
}

/** A webhook that passes its text to an agent, with the model and our node as its only tool. */
function workflow(setup: Setup, channel: CredentialReference, model: CredentialReference): WorkflowFile {
	const { responsesApiEnabled, onError } = setup;
	const name = nameOf(setup);
	const common = { position: [0, 0] };
	const fields = Object.entries(ASKED).map(([field, words]) => [field, `={{ $fromAI('${field}', '${words}', 'string') }}`]);
	const nodes: Array<WorkflowNode & Record<string, unknown>> = [
		{
			...common, id: `${name}-1`, name: 'Asked', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: name,
			parameters: { httpMethod: 'POST', path: name, responseMode: 'lastNode', options: {} },
		},
		{
			...common, id: `${name}-2`, name: 'Agent', type: '@n8n/n8n-nodes-langchain.agent', typeVersion: 3.1,
			parameters: { promptType: 'define', text: '={{ $json.body.text }}', options: {} },
		},
		{
			...common, id: `${name}-3`, name: 'Model', type: '@n8n/n8n-nodes-langchain.lmChatOpenAi', typeVersion: 1.3, credentials: { openAiApi: model },
			parameters: { model: { __rl: true, mode: 'id', value: 'stand-in' }, responsesApiEnabled, options: { maxRetries: 0 } },
		},
		{
			...common, id: `${name}-4`, name: 'Tell the customer', type: `${PACKAGE_NAME}.oneMsgTool`, typeVersion: 1, onError, credentials: { oneMsgChannelApi: channel },
			parameters: {
				resource: 'message', operation: 'sendStockArrivalTemplate', template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
				...Object.fromEntries(fields), options: {},
			},
		},
	];
	const to = (node: string, type: string) => ({ [type]: [[{ node, type, index: 0 }]] });
	return {
		name,
		nodes,
		connections: { Asked: to('Agent', 'main'), Model: to('Agent', 'ai_languageModel'), 'Tell the customer': to('Agent', 'ai_tool') },
		settings: { executionOrder: 'v1' },
	};
}

/** Sends text to the agent; returns its answer. */
async function say(url: string, text: string): Promise<string> {
	const { statusCode, body } = await request(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ text }),
		headersTimeout: TIMEOUT_MS,
	});
	const answer = await body.text();
	if (statusCode !== 200) throw new Error(`The agent answered ${statusCode}: ${answer.slice(0, 600)}`);
	return (JSON.parse(answer) as { output: string }).output;
}
