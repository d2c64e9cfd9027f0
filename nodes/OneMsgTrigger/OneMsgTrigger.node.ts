import {
	NodeConnectionTypes,
	type IDataObject,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { readEvents } from '../core/events';
import { SECRET_PARAMETER, whyUnreachable } from '../core/webhookList';
import { CREDENTIAL, openChannel, type OpenChannel } from '../transport';
import { toError } from '../OneMsg/report';
import { forget, memoryOf } from './memory';
import { isRegistered, register, unregister, type Registration } from './registration';
import { isSecret } from './secret';
import { select } from './selection';

export class OneMsgTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: '1MSG Trigger',
		name: 'oneMsgTrigger',
		icon: { light: 'file:../oneMsg.svg', dark: 'file:../oneMsg.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].includes("messageStatus") ? $parameter["statuses"].join(", ") : "messages" }}',
		description: 'Starts when 1MSG reports what became of a WhatsApp message, or when a customer writes',
		eventTriggerDescription: 'Send a message through the channel: its delivery status starts this workflow.',
		activationMessage: "The channel now calls this workflow. Its own webhooks stay as they were.",
		defaults: { name: '1MSG Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: '1msg' }],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: [
					{
						name: 'Message Echoed',
						value: 'messageEchoed',
						description: 'The business wrote, from whatever program',
					},
					{ name: 'Message Received', value: 'messageReceived', description: 'A customer wrote or tapped a button' },
					{
						name: 'Message Status',
						value: 'messageStatus',
						description: 'A message was sent, delivered, read, or failed',
					},
				],
				required: true,
				default: ['messageStatus'],
				description: 'What starts the workflow',
			},
			{
				displayName: 'Statuses',
				name: 'statuses',
				type: 'multiOptions',
				displayOptions: { show: { events: ['messageStatus'] } },
				options: [
					{ name: 'Delivered', value: 'delivered', description: "It is on the customer's phone" },
					{ name: 'Failed', value: 'failed', description: 'It will not arrive; the item says why and what to do' },
					{ name: 'Read', value: 'read', description: 'The customer opened it (where read receipts are on)' },
					{ name: 'Sent', value: 'sent', description: 'WhatsApp took it over' },
				],
				required: true,
				default: ['delivered', 'failed', 'read'],
				description: 'Which statuses start the workflow; the others cost no execution',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Skip Late Statuses',
						name: 'skipLate',
						type: 'boolean',
						default: true,
						description:
							'Whether to leave out a status that comes after a higher one, such as sent after delivered. Remembered within this n8n process only.',
					},
					{
						displayName: 'Skip Repeats',
						name: 'skipRepeats',
						type: 'boolean',
						default: true,
						description:
							'Whether to leave out a status that was already seen for the same message. A saving, not a guarantee: it is remembered within this n8n process only.',
					},
				],
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const channel = await channelOf(this);
				const known = stored(this) ?? memoryOf(keyOf(this)).registration;
				const exists = await isRegistered(this, channel, ownUrl(this), known?.secret ?? '', wantsStatuses(this));
				if (!exists.ok) throw toError(this.getNode(), exists.problem);
				return exists.value && known?.channelId === channel.channelId;
			},

			async create(this: IHookFunctions): Promise<boolean> {
				const channel = await channelOf(this);
				const url = ownUrl(this);
				const result = await register(this, channel, url, stored(this)?.url ?? '', wantsStatuses(this));
				if (!result.ok) throw toError(this.getNode(), result.problem);
				Object.assign(this.getWorkflowStaticData('node'), result.value);
				memoryOf(keyOf(this)).registration = result.value;
				const unreachable = whyUnreachable(url);
				if (unreachable !== null) {
					this.logger.warn(
						`1MSG Trigger: 1MSG cannot reach ${url}, because ${unreachable}. Set WEBHOOK_URL to the public https address of this n8n and activate the workflow again.`,
					);
				}
				return true;
			},

			async delete(this: IHookFunctions): Promise<boolean> {
				const channel = await channelOf(this);
				const result = await unregister(this, channel, ownUrl(this), stored(this)?.url ?? '');
				if (!result.ok) throw toError(this.getNode(), result.problem);
				const data = this.getWorkflowStaticData('node');
				for (const name of ['secret', 'url', 'channelId']) delete data[name];
				forget(keyOf(this));
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const memory = memoryOf(keyOf(this));
		const given = (this.getQueryData() as IDataObject)[SECRET_PARAMETER];
		const registration = [stored(this), memory.registration].find((known) => isSecret(given, known?.secret));
		if (!registration) {
			return answer(this, 401, 'The secret in the URL is not the registered one.');
		}
		const read = readEvents(this.getBodyData(), new Date().toISOString());
		if (read.tooMany) return answer(this, 413, 'More entries than one call may have.');
		const ours = read.events.filter(
			({ channelId }) => channelId === null || channelId === registration.channelId,
		);
		const options = this.getNodeParameter('options', {}) as IDataObject;
		const selected = select(
			ours,
			{
				events: this.getNodeParameter('events', []) as string[],
				statuses: this.getNodeParameter('statuses', []) as string[],
				skipRepeats: options.skipRepeats !== false,
				skipLate: options.skipLate !== false,
			},
			memory.seen,
		);
		if (read.unknown > 0 || ours.length < read.events.length) {
			this.logger.debug(
				`1MSG Trigger: left out ${read.unknown} entries of unknown kind and ${read.events.length - ours.length} of another channel.`,
			);
		}
		if (selected.length === 0) return {};
		return { workflowData: [selected.map((event) => ({ json: event as unknown as IDataObject }))] };
	}
}

async function channelOf(context: IHookFunctions): Promise<OpenChannel> {
	const channel = await openChannel(context);
	if (!channel.ok) throw toError(context.getNode(), channel.problem);
	return channel.value;
}

function ownUrl(context: IHookFunctions): string {
	return context.getNodeWebhookUrl('default') ?? '';
}

function wantsStatuses(context: IHookFunctions): boolean {
	return (context.getNodeParameter('events', []) as string[]).includes('messageStatus');
}

/** One memory per workflow, node, and test or production: a test run never disturbs production. */
function keyOf(context: IHookFunctions | IWebhookFunctions): string {
	const { id } = context.getWorkflow();
	return [id, context.getNode().id, context.getMode() === 'manual' ? 'test' : 'production'].join('|');
}

function stored(context: IHookFunctions | IWebhookFunctions): Registration | undefined {
	const { secret, url, channelId } = context.getWorkflowStaticData('node');
	if (typeof secret !== 'string' || typeof url !== 'string' || typeof channelId !== 'string') return undefined;
	return { secret, url, channelId };
}

/** Answers by ourselves and starts nothing. */
function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
