import type { INodeProperties } from 'n8n-workflow';
import { LEAN_VERSION } from './settings';

/** How sure it is that an event comes (1msg-contract-2.md, section 5). */
const UNDOCUMENTED = 'WhatsApp reports it, but 1MSG does not document that it passes it on: do not rely on it alone';

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
				description: `The account or number was restricted, reconnected, or got another limit. ${UNDOCUMENTED}.`,
			},
			{
				name: 'Link Clicked',
				value: 'linkClicked',
				description: `A customer tapped a link of a message that went over Marketing Messages. ${UNDOCUMENTED}.`,
			},
			{
				name: 'Marketing Preference',
				value: 'marketingPreference',
				description: `A customer stopped or resumed marketing messages in WhatsApp. ${UNDOCUMENTED}.`,
			},
			{ name: 'Message Echoed', value: 'messageEchoed', description: 'Your business wrote to a customer: messages sent by a workflow, another program or a person in the inbox come back as this event' },
			{ name: 'Message Received', value: 'messageReceived', description: 'A customer wrote, reacted or tapped a button' },
			{ name: 'Message Status', value: 'messageStatus', description: 'A message was sent, delivered, read, or failed' },
			{
				name: 'Template Changed',
				value: 'templateChanged',
				description: `A template was approved, rejected, paused or disabled, or got another category or quality. ${UNDOCUMENTED}.`,
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
			{ name: 'Sent', value: 'sent', description: 'WhatsApp accepted it' },
		],
		required: true,
		default: ['delivered', 'failed', 'read'],
		description: 'Which statuses start the workflow; the others cost no execution',
	},
	{
		displayName: 'Respond',
		name: 'respond',
		type: 'options',
		options: [
			{ name: 'Immediately', value: 'immediately', description: 'At once; a failed run is not repeated' },
			{
				name: 'When Workflow Finished',
				value: 'whenFinished',
				description: 'After the workflow has succeeded; after a failed or killed run, 1MSG delivers the event again, and after several it skips calls',
			},
		],
		default: 'immediately',
		description: 'When to tell 1MSG that the event has arrived',
	},
	{
		displayName:
			"At least once: 1MSG redelivers if the channel's setting guaranteedHooks is on. The same event can then start the workflow more than once, so write by message ID and rank. Keep the workflow short, without Wait: 1MSG waits only so long for its answer. Each failed run is a failed call to it: after a few within about ten minutes, 1MSG skips calls to this address, and may disable it. Get Webhooks of the 1MSG node shows this; Repair Webhooks ends it.",
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
					"Whether to ask the channel about each status that starts the workflow, and again after two seconds if it isn't there yet. Adds whether it is confirmed, the time, and the code of a failure. No event is dropped: a status that is not found within seven seconds is passed on as not confirmed. 1MSG does not wait for it, unless Respond is When Workflow Finished.",
			},
			{
				displayName: 'Gather For',
				name: 'gatherFor',
				type: 'number',
				displayOptions: { hide: { '/respond': ['whenFinished'] } },
				typeOptions: { minValue: 0, maxValue: 5, numberPrecision: 1 },
				default: 0,
				description:
					"Seconds after an execution's start in which events gather, up to 5: they start together, an item for each, in order. The first event after a quiet time starts at once. 0 is off. 1MSG gets its answer while events gather, so an n8n that is stopped or killed loses them: at most one such time. Get Message Status finds the statuses.",
			},
			{
				displayName: 'Include Raw Event',
				name: 'includeRaw',
				type: 'boolean',
				displayOptions: { show: { '@version': [{ _cnd: { gte: LEAN_VERSION } }] } },
				default: false,
				description: "Whether to add 1MSG's own data of the event as raw",
			},
			{
				displayName: 'Skip Late Statuses',
				name: 'skipLate',
				type: 'boolean',
				default: true,
				description:
					'Whether to skip a status that arrives after a higher one, such as sent after delivered. A redelivery after a failed run is not late. Remembered for the last 20,000 messages, within this n8n process only.',
			},
			{
				displayName: 'Skip Repeats',
				name: 'skipRepeats',
				type: 'boolean',
				displayOptions: { hide: { '/respond': ['whenFinished'] } },
				default: true,
				description:
					'Whether to skip a message, or a status of a message, that was already seen. Best effort: remembered for the last 20,000 messages, within this n8n process only.',
			},
		],
	},
];
