import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

/** Every option of the node, once; operations pick theirs by name (interface.md, "options"). */
const OPTIONS: Record<string, INodeProperties> = {
	defaultCountry: {
		displayName: 'Default Country',
		name: 'defaultCountry',
		type: 'string',
		default: '',
		placeholder: 'e.g. RU',
		description: 'Two-letter country code for phone numbers written without their country code. Digits that could be another country\'s number too are refused.',
	},
	dryRun: {
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: true,
		description: 'Whether to do everything but the send: the item shows the text, and nobody is messaged',
	},
	languageCode: {
		displayName: 'Language Code',
		name: 'languageCode',
		type: 'string',
		default: '',
		placeholder: 'e.g. en',
		description: "The template's language, where the Template field does not say it",
	},
	maxConcurrency: {
		displayName: 'Max Concurrency',
		name: 'maxConcurrency',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 10,
		description: 'How many messages of this node may be in work at once. Without this option the node finds out what is good.',
	},
	messagesPerSecond: {
		displayName: 'Messages per Second',
		name: 'messagesPerSecond',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 20,
		description: 'A fixed pace of this node; other nodes do not wait for it. Without this option the node finds out how fast the channel takes messages, and sends as fast as that.',
	},
	namespace: {
		displayName: 'Namespace',
		name: 'namespace',
		type: 'string',
		default: '',
		description: "The template's namespace. Read from the channel when left out.",
	},
	optedIn: {
		displayName: 'Opted In',
		name: 'optedIn',
		type: 'boolean',
		default: true,
		description: 'Whether this customer agreed to be messaged, usually an expression. When off, nothing is sent.',
	},
	retryFor: {
		displayName: 'Retry For',
		name: 'retryFor',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 300,
		description: 'How many seconds a message that was certainly not accepted (too many requests, service unreachable) is tried again',
	},
	sendAgain: {
		displayName: 'Send Again',
		name: 'sendAgain',
		type: 'boolean',
		default: true,
		description: 'Whether to send although Send Once knows the message, and to remember it anew',
	},
	sendOnce: {
		displayName: 'Send Once',
		name: 'sendOnce',
		type: 'boolean',
		default: true,
		description:
			'Whether a message that this node has sent before, in this or any earlier execution, is skipped. Exact in one n8n process; in queue mode claim the message in PostgreSQL before this node.',
	},
	sendOnceKey: {
		displayName: 'Send Once Key',
		name: 'sendOnceKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.eventId + " " + $json.phone }}',
		description: 'What makes two messages the same for Send Once, whoever they go to. By default template, recipient and values.',
	},
	simplify: {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	timeout: {
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description: 'How many seconds to wait for one answer of the service',
	},
	timeToLive: {
		displayName: 'Time to Live',
		name: 'timeToLive',
		type: 'number',
		typeOptions: { numberPrecision: 0 },
		default: 43200,
		description: 'How many seconds WhatsApp may go on trying to deliver; for utility templates 30 to 43200, or -1 for 30 days',
	},
	waitTimeout: {
		displayName: 'Wait Timeout',
		name: 'waitTimeout',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 60,
		description: 'How many seconds Wait Until waits at most; an item whose time is up says timedOut',
	},
	waitUntil: {
		displayName: 'Wait Until',
		name: 'waitUntil',
		type: 'options',
		options: [
			{ name: 'Delivered', value: 'delivered', description: 'It is on the phone, or failed' },
			{ name: 'Final', value: 'final', description: 'It was read, or failed' },
			{ name: 'None', value: 'none', description: 'Do not wait' },
			{ name: 'Read', value: 'read', description: 'The customer opened it, or it failed' },
			{ name: 'Sent', value: 'sent', description: 'WhatsApp took it over, or it failed' },
		],
		default: 'none',
		description: 'Which delivery status to wait for before the item goes on',
	},
};

/** What every send offers. */
export const SEND_OPTIONS = [
	'defaultCountry',
	'dryRun',
	'maxConcurrency',
	'messagesPerSecond',
	'optedIn',
	'retryFor',
	'sendAgain',
	'sendOnce',
	'sendOnceKey',
	'simplify',
	'timeout',
	'waitTimeout',
	'waitUntil',
];

/** What a send of a template offers besides. */
export const TEMPLATE_SEND_OPTIONS = [...SEND_OPTIONS, 'languageCode', 'namespace', 'timeToLive'];

/** The Options collection with the named options, in the alphabetical order that n8n wants. */
export function optionsField(names: readonly string[]): INodeProperties {
	const options: Array<INodePropertyOptions | INodeProperties | INodePropertyCollection> = [...names]
		.sort()
		.flatMap((name) => OPTIONS[name] ?? []);
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}
