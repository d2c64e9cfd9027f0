import type { INodeProperties } from 'n8n-workflow';
import { LEAN_VERSION } from './settings';

/** How sure it is that an event comes (1msg-contract-2.md, section 5). */
const UNDOCUMENTED = '1MSG does not document this event, so it may never arrive';

/** The trigger's parameters. */
export const fields: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{
				name: 'Account Changed',
				value: 'accountChanged',
				description: `The account or number was restricted or reconnected, or its limit changed. ${UNDOCUMENTED}.`,
			},
			{
				name: 'Link Clicked',
				value: 'linkClicked',
				description: `A customer tapped a link in a message sent over Marketing Messages. ${UNDOCUMENTED}.`,
			},
			{
				name: 'Marketing Preference',
				value: 'marketingPreference',
				description: `A customer stopped or resumed marketing messages in WhatsApp. ${UNDOCUMENTED}.`,
			},
			{ name: 'Message Echoed', value: 'messageEchoed', description: 'Your business wrote to a customer, from a workflow, another program or the inbox' },
			{ name: 'Message Received', value: 'messageReceived', description: 'A customer wrote, reacted or tapped a button' },
			{ name: 'Message Status', value: 'messageStatus', description: 'A message was sent, delivered, read, or failed' },
			{
				name: 'Template Changed',
				value: 'templateChanged',
				description: `A template was approved, rejected, paused or disabled, or its category or quality changed. ${UNDOCUMENTED}.`,
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
			{ name: 'Delivered', value: 'delivered', description: "It reached the customer's phone" },
			{ name: 'Failed', value: 'failed', description: 'It was not delivered. The item says why and what to do.' },
			{ name: 'Read', value: 'read', description: 'The customer opened it (if they have read receipts on)' },
			{ name: 'Sent', value: 'sent', description: 'WhatsApp accepted it' },
		],
		required: true,
		default: ['delivered', 'failed', 'read'],
		description: 'Which statuses start the workflow. All others are ignored.',
	},
	{
		displayName: 'Respond',
		name: 'respond',
		type: 'options',
		options: [
			{ name: 'Immediately', value: 'immediately', description: 'When the event arrives. If the workflow fails, the event does not come again.' },
			{
				name: 'When Workflow Finished',
				value: 'whenFinished',
				description: 'When the workflow has succeeded. If it fails, 1MSG may send the event again; after several failures it skips events.',
			},
		],
		default: 'immediately',
		description: 'When to confirm the event to 1MSG',
	},
	{
		displayName:
			"The same event can start the workflow more than once, so write rows by message ID and rank. Redelivery needs the channel's setting guaranteedHooks. Keep the workflow short and without Wait nodes: 1MSG does not wait long for an answer. After a few failed runs within ten minutes, 1MSG skips events for this workflow, and may disable its address. Get Webhooks of the 1MSG node shows this, and Repair Webhooks fixes it.",
		name: 'whenFinishedNotice',
		type: 'notice',
		displayOptions: { show: { respond: ['whenFinished'] } },
		default: '',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Confirm With API',
				name: 'confirmWithApi',
				type: 'boolean',
				default: false,
				description:
					'Whether to check each status with the channel. Adds whether it is confirmed, its time and the code of a failure. A status that the channel does not report within seven seconds is passed on as not confirmed.',
			},
			{
				displayName: 'Gather For (Seconds)',
				name: 'gatherFor',
				type: 'number',
				displayOptions: { hide: { '/respond': ['whenFinished'] } },
				typeOptions: { minValue: 0, maxValue: 5, numberPrecision: 1 },
				default: 0,
				description:
					'How long events gather under load, up to 5 seconds: they share an execution, an item for each, in order. The first event after a quiet time starts at once. 0 is off. An n8n that is stopped executes them first. One that is killed loses what gathered; in queue mode, one that is stopped, too. Get Message Status finds the statuses.',
			},
			{
				displayName: 'Include Raw Event',
				name: 'includeRaw',
				type: 'boolean',
				displayOptions: { show: { '@version': [{ _cnd: { gte: LEAN_VERSION } }] } },
				default: false,
				description: 'Whether to add the event as 1MSG sent it, in the field raw',
			},
			{
				displayName: 'Output',
				name: 'output',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Log Row', value: 'logRow', description: 'A status is a flat row, to be matched by logId with the row of the send' },
					{ name: 'Standard', value: 'standard', description: 'All fields of the event' },
				],
				default: 'logRow',
				description:
					'What a status looks like. Other events are not log rows and stay as they are: for a log, choose only Message Status.',
			},
			{
				displayName: 'Skip Late Statuses',
				name: 'skipLate',
				type: 'boolean',
				default: true,
				description:
					'Whether to skip a status that arrives after a higher one, such as sent after delivered. The last 20,000 messages are remembered, in this n8n process only.',
			},
			{
				displayName: 'Skip Repeats',
				name: 'skipRepeats',
				type: 'boolean',
				displayOptions: { hide: { '/respond': ['whenFinished'] } },
				default: true,
				description:
					'Whether to skip a message or status that came before. The last 20,000 messages are remembered, in this n8n process only.',
			},
		],
	},
];
