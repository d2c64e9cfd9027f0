import {
	NodeConnectionTypes,
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { MAX_ENTRIES, readEvents, type ChannelEvent } from '../core/events/events';
import { eventRow } from '../core/logRow/logRow';
import { settles } from '../core/waiting';
import { isSameEndpoint, whyUnreachable } from '../core/webhooks/list';
import { clock } from '../shared/clock';
import { toError } from '../shared/nodeErrors';
import { CREDENTIAL, openChannel, type OpenChannel } from '../shared/transport';
import { confirmEvents } from './confirmEvents';
import { fields } from './fields';
import { gather, PATIENCE } from './gathering';
import { bytesOf, keyOf, MAX_BYTES, registrationOf, stored } from './guard';
import { forget, memoryOf } from './nodeState';
import { panel } from './panel';
import { isRegistered, register, unregister } from './registration';
import { responseMode } from './responseMode';
import { select, unselect } from './selection';
import { readSettings } from './settings';

export class OneMsgTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: '1MSG Trigger',
		name: 'oneMsgTrigger',
		icon: { light: 'file:../oneMsg.svg', dark: 'file:../oneMsg.dark.svg' },
		group: ['trigger'],
		// Version 2 only saves n8n an expression per hook: it looks for `options.binaryData` in nodes of version 1. Version 3: `LEAN_VERSION`.
		version: [1, 2, 3],
		defaultVersion: 3,
		subtitle: '={{ $parameter["events"].includes("messageStatus") ? $parameter["statuses"].join(", ") : String($parameter["events"]).includes("message") ? "messages" : "channel" }}',
		// n8n shows this text for the 1MSG node too, where it lists the two as one.
		description: 'Send WhatsApp messages through 1MSG, or start when one is delivered, read or fails, or when a customer writes',
		...panel,
		defaults: { name: '1MSG Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: CREDENTIAL, required: true }],
		builderHint: {
			searchHint:
				'Starts a workflow with the delivery statuses of WhatsApp messages sent by the 1MSG node, and with what customers answer. To log, set output in options to logRow, and upsert by logId into the table of the sends: statuses come twice, late or before their row. To handle failed deliveries, branch on failure.action with a Switch node: retryLater, otherChannel, recordOptOut, fixData, fixTemplate or alertPerson.',
			relatedNodes: [
				{ nodeType: 'n8n-nodes-1msg-stock-arrival.oneMsg', relationHint: 'Sends the messages that are reported on, and answers customers' },
				{ nodeType: 'n8n-nodes-base.dataTable', relationHint: 'Keeps the log rows, by logId' },
			],
		},
		// `noData`: 1MSG must get no customer data, and a last node without items is not a failure.
		// The URL is hidden because without the registered secret it gets a 401.
		webhooks: [{ name: 'default', httpMethod: 'POST', path: '1msg', responseData: 'noData', ndvHideUrl: true, ...responseMode }],
		properties: fields,
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
				const former = this.getWorkflowStaticData('node').url;
				const memory = memoryOf(keyOf(this));
				const result = await register(this, channel, url, wantsStatuses(this), (registration) => (memory.pending = registration));
				memory.pending = undefined;
				if (!result.ok) throw toError(this.getNode(), result.problem);
				if (typeof former === 'string' && !isSameEndpoint(former, url)) {
					this.logger.warn(`1MSG Trigger: this workflow was registered as ${former} before. If no n8n answers there any more, remove it from the channel's webhooks in the 1MSG dashboard.`);
				}
				Object.assign(this.getWorkflowStaticData('node'), result.value);
				memory.registration = result.value;
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
				const registeredOn = this.getWorkflowStaticData('node').channelId;
				const result = await unregister(this, channel, ownUrl(this));
				if (!result.ok) throw toError(this.getNode(), result.problem);
				if (typeof registeredOn === 'string' && registeredOn !== channel.channelId) {
					this.logger.warn(`1MSG Trigger: this workflow was registered on the channel ${registeredOn}, and the credential now names ${channel.channelId}. Remove ${ownUrl(this)} from the former channel's webhooks in the 1MSG dashboard.`);
				}
				const data = this.getWorkflowStaticData('node');
				for (const name of ['secret', 'url', 'channelId']) delete data[name];
				forget(keyOf(this));
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const arrivedAt = clock();
		const registration = await registrationOf(this);
		if (!registration) {
			return answer(this, 401, 'The secret in the URL is not the registered one.');
		}
		const bytes = bytesOf(this.getRequestObject());
		if (bytes > MAX_BYTES) return tooLarge(this, `more than ${MAX_BYTES} bytes`);
		const settings = readSettings(this);
		const read = readEvents(this.getBodyData(), new Date().toISOString(), settings.shape);
		if (read.tooMany) return tooLarge(this, `more than ${MAX_ENTRIES} entries`);
		const ours = read.events.filter(({ channelId }) => channelId === null || channelId === registration.channelId);
		const foreign = read.events.length - ours.length;
		if (read.unknown > 0 || foreign > 0) {
			this.logger.debug(`1MSG Trigger: skipped ${read.unknown} entries of unknown kind and ${foreign} of another channel.`);
		}
		const { seen, gathering } = memoryOf(keyOf(this));
		const selected = select(ours, settings, seen);
		if (selected.length === 0) return nothingToDo(this);
		const { events, isAnswered, join } = await gather(this, gathering, { events: selected, bytes, gatherFor: settings.gatherFor, answerBy: arrivedAt + ANSWER_WITHIN });
		if (events.length === 0) return { noWebhookResponse: true };
		const confirming = settings.confirmWithApi ? confirmEvents(this, events, settings.shape) : undefined;
		const noWebhookResponse = isAnswered || (confirming !== undefined && !settings.acceptRedeliveries && (await answerIfLate(this, confirming, arrivedAt)));
		const output = (await confirming) ?? events;
		if (!noWebhookResponse && settings.skipRepeats && !settings.acceptRedeliveries) onRefusal(this, () => unselect(selected, seen));
		const itemsOf = (some: readonly ChannelEvent[]) => some.map((event) => ({ json: settings.logRow && event.event === 'messageStatus' ? { ...eventRow(event) } : (event as unknown as IDataObject) }));
		const items = itemsOf(output);
		if (!settings.confirmWithApi) {
			joins.set(items[0]!.json, async (isCancelled) => {
				const { before, after } = await join(isCancelled);
				return [...itemsOf(before), ...items, ...itemsOf(after)];
			});
		}
		return { noWebhookResponse, workflowData: [items] };
	}

	/** What its hook brought, and what was gathered for it. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const join = items[0] && joins.get(items[0].json);
		const signal = this.getExecutionCancelSignal();
		return [join ? await join(() => signal?.aborted === true) : items];
	}
}

/** All items of an execution that runs in this process, by the first one that it was started with; another process gets a copy of that. */
const joins = new WeakMap<IDataObject, (isCancelled: () => boolean) => Promise<INodeExecutionData[]>>();

/** Milliseconds after its arrival until a hook is answered even if its execution is not certain, or statuses are still being looked up: slow answers open 1MSG's circuit breaker. */
const ANSWER_WITHIN = 800;

/** Milliseconds between looks at an answer that nobody waits for any more. */
const LOOK_EVERY = 250;

/** Answers 200 if the work takes longer; n8n then starts the execution without answering. Returns whether it did. */
async function answerIfLate(context: IWebhookFunctions, work: Promise<unknown>, arrivedAt: number): Promise<boolean> {
	const left = () => Math.max(0, arrivedAt + ANSWER_WITHIN - clock());
	const isLate = !(await settles(work, { sleep: async (milliseconds) => await sleep(Math.min(milliseconds, left())), isCancelled: () => left() === 0 }));
	if (isLate) context.getResponseObject().status(200).end();
	return isLate;
}

/** Calls back if n8n answers with an error, as while its database is locked: also where 1MSG hangs up before, and n8n decides later. */
function onRefusal(context: IWebhookFunctions, forget: () => void): void {
	const response = context.getResponseObject();
	const decide = async () => {
		for (let waited = 0; !response.writableEnded && waited < PATIENCE + ANSWER_WITHIN; waited += LOOK_EVERY) await sleep(LOOK_EVERY);
		if (response.statusCode >= 400) forget();
	};
	if (response.closed) void decide();
	else response.once('close', () => void decide());
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

/** Answers 200 without starting a workflow; bypasses n8n's own answer, which is slower than all the parsing. */
function nothingToDo(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(200).end();
	return { noWebhookResponse: true };
}

/** Answers without starting a workflow. */
function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

function tooLarge(context: IWebhookFunctions, found: string): IWebhookResponseData {
	context.logger.warn(`1MSG Trigger: rejected a body with ${found}; 1MSG never sends that much.`);
	return answer(context, 413, 'The body is larger than any that 1MSG sends.');
}
