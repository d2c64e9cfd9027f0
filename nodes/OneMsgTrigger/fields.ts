import type { INodeProperties } from 'n8n-workflow';

/** What a person sets in the trigger. */
export const fields: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Message Echoed', value: 'messageEchoed', description: 'Your business wrote to a customer: what a workflow, another program or a person in the inbox sent comes back as this event' },
			{ name: 'Message Received', value: 'messageReceived', description: 'A customer wrote or tapped a button' },
			{ name: 'Message Status', value: 'messageStatus', description: 'A message was sent, delivered, read, or failed' },
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
		displayName: 'Respond',
		name: 'respond',
		type: 'options',
		options: [
			{ name: 'Immediately', value: 'immediately', description: 'At once; what a failed run did not do is not done again' },
			{
				name: 'When Workflow Finished',
				value: 'whenFinished',
				description: 'After the workflow finished well; a failed or killed run makes 1MSG deliver the event again',
			},
		],
		default: 'immediately',
		description: 'When 1MSG is told that the event has arrived',
	},
	{
		displayName:
			"At least once: 1MSG delivers again where the channel's setting guaranteedHooks is on. The same event can then start the workflow more than once, so write by message ID and rank. Keep the workflow short, without Wait: 1MSG waits for its answer only so long. It may disable an address that fails too often; Repair Webhooks of the 1MSG node brings it back.",
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
					"Whether to ask the channel about each status that starts the workflow, and again after two seconds if it isn't there yet. Adds whether it is confirmed, the time, and the code of a failure. No event is left out: what is not found within seven seconds is passed on as not confirmed.",
			},
			{
				displayName: 'Skip Late Statuses',
				name: 'skipLate',
				type: 'boolean',
				default: true,
				description:
					'Whether to leave out a status that comes after a higher one, such as sent after delivered. What 1MSG delivers again after a failed run is not late. Remembered for the last 20,000 messages, within this n8n process only.',
			},
			{
				displayName: 'Skip Repeats',
				name: 'skipRepeats',
				type: 'boolean',
				displayOptions: { hide: { '/respond': ['whenFinished'] } },
				default: true,
				description:
					'Whether to leave out a status that was already seen for the same message. A saving, not a guarantee: remembered for the last 20,000 messages, within this n8n process only.',
			},
		],
	},
];
