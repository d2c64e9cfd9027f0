import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { VERSION_1, VERSION_2 } from './versions';

/** Since version 2: what is final is told apart from what was read. */
const WAIT_UNTIL_CHOICES: INodePropertyOptions[] = [
	{ name: 'None', value: 'none', description: 'Do not wait' },
	{ name: 'Sent', value: 'sent', description: 'WhatsApp has it; the phone may be off' },
	{ name: 'Delivered', value: 'delivered', description: 'It is on the phone' },
	{ name: 'Read', value: 'read', description: 'The customer opened it. Without read receipts this is never reported.' },
	{ name: 'Final', value: 'final', description: 'No other status can follow: it was read, or it failed' },
];

/** All options of the node; operations pick theirs by name (interface.md, "options"). */
const OPTIONS: Record<string, INodeProperties> = {
	defaultCountry: {
		displayName: 'Default Country',
		name: 'defaultCountry',
		type: 'string',
		default: '',
		placeholder: 'e.g. RU',
		description: 'Two-letter country code for phone numbers written without their country code. Digits that could also be another country\'s number are refused.',
	},
	doNotContact: {
		displayName: 'Do Not Contact',
		name: 'doNotContact',
		type: 'string',
		default: '',
		placeholder: "e.g. {{ $('Opt-outs').all() }}",
		description: 'Customers who must not be messaged: a list from a table, or a text with commas or line breaks, of phone numbers in any formatting, contact keys, user IDs (BSUIDs) or @usernames. An entry that cannot be read, or an expression that yields nothing, stops the send.',
	},
	dryRun: {
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: true,
		description: 'Whether to do everything except send: the item shows the text, and nobody is messaged',
	},
	extraFields: {
		displayName: 'Extra Fields',
		name: 'extraFields',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {{ { sku: $json.sku } }}',
		description: "Fields to add to the result, as an object, such as a log's own columns. Fields of the same name are replaced, and a log row leaves out nested values.",
	},
	includeInputFields: {
		displayName: 'Include Input Fields',
		name: 'includeInputFields',
		type: 'boolean',
		default: true,
		description: "Whether to pass the input item's own fields on with the result. Fields of the same name are replaced, files are not passed on, and a log row leaves out nested values.",
	},
	languageCode: {
		displayName: 'Language Code',
		name: 'languageCode',
		type: 'string',
		default: '',
		placeholder: 'e.g. en',
		description: "The template's language, if the Template field does not include it",
	},
	maxConcurrency: {
		displayName: 'Max Concurrency',
		name: 'maxConcurrency',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 10,
		description: 'How many messages of this node may be in progress at once. Without this option the node finds the best number itself.',
	},
	messagesPerSecond: {
		displayName: 'Messages per Second',
		name: 'messagesPerSecond',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 20,
		description: 'A fixed rate for this node; other nodes are not slowed down. Without this option the node sends as fast as the channel accepts messages.',
	},
	namespace: {
		displayName: 'Namespace',
		name: 'namespace',
		type: 'string',
		default: '',
		description: "The template's namespace. Read from the channel if omitted.",
	},
	optedIn: {
		displayName: 'Opted In',
		name: 'optedIn',
		type: 'boolean',
		default: true,
		description: 'Whether this customer agreed to be messaged, usually an expression. When off, nothing is sent.',
	},
	output: {
		displayName: 'Output',
		name: 'output',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Log Row', value: 'logRow', description: 'One flat row with the same columns everywhere, for any table: map it automatically and match by logId' },
			{ name: 'Standard', value: 'standard', description: 'All fields of the result' },
		],
		default: 'logRow',
		description: 'What each item looks like. With Log Row, a refused message is a row too instead of an error.',
	},
	quotedMessageId: {
		displayName: 'Quoted Message ID',
		name: 'quotedMessageId',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.messageId }}',
		description: 'The message that this one answers; WhatsApp shows it above the text',
	},
	retryFor: {
		displayName: 'Retry For',
		name: 'retryFor',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 300,
		description: 'How many seconds to keep retrying a message that was certainly not accepted (too many requests, service unreachable)',
	},
	sendAgain: {
		displayName: 'Send Again',
		name: 'sendAgain',
		type: 'boolean',
		default: true,
		description: 'Whether to send even if Send Once has recorded the message. It is recorded again.',
	},
	sendOnce: {
		displayName: 'Send Once',
		name: 'sendOnce',
		type: 'boolean',
		default: true,
		description:
			'Whether to skip a message that this node has sent before, in this or any earlier execution. Exact in one n8n process; in queue mode claim the message in PostgreSQL before this node.',
	},
	sendOnceKey: {
		displayName: 'Send Once Key',
		name: 'sendOnceKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.eventId + " " + $json.phone }}',
		description: 'What identifies a message for Send Once, regardless of recipient. Defaults to template, recipient and values.',
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
		description: 'How many seconds to wait for each answer from the service',
	},
	timeToLive: {
		displayName: 'Time to Live',
		name: 'timeToLive',
		type: 'number',
		typeOptions: { numberPrecision: 0 },
		default: 43200,
		description: 'How many seconds WhatsApp may keep trying to deliver; for utility templates 30 to 43200, or -1 for 30 days',
	},
	useMarketingMessages: {
		displayName: 'Use Marketing Messages',
		name: 'useMarketingMessages',
		type: 'options',
		options: [
			{ name: 'Default', value: 'default', description: 'As the channel is set up' },
			{ name: 'Off', value: 'off', description: 'Send it like any other template' },
			{ name: 'On', value: 'on', description: "Send it over WhatsApp's Marketing Messages API" },
		],
		default: 'default',
		description: "How to send a template of the category Marketing. By default the channel decides: over WhatsApp's Marketing Messages API where that is enabled.",
	},
	waitTimeout: {
		displayName: 'Wait Timeout',
		name: 'waitTimeout',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 60,
		description: 'The maximum number of seconds that Wait Until waits; after that the item continues with timedOut true',
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
			{ name: 'Sent', value: 'sent', description: 'WhatsApp accepted it, or it failed' },
		],
		default: 'none',
		description: 'Which delivery status to wait for before the item goes on',
	},
};

/** Options of every send. */
export const SEND_OPTIONS = [
	'defaultCountry',
	'doNotContact',
	'dryRun',
	'extraFields',
	'includeInputFields',
	'maxConcurrency',
	'messagesPerSecond',
	'optedIn',
	'output',
	'quotedMessageId',
	'retryFor',
	'sendAgain',
	'sendOnce',
	'sendOnceKey',
	'simplify',
	'timeout',
	'waitTimeout',
	'waitUntil',
];

/** Options of a template send. */
export const TEMPLATE_SEND_OPTIONS = [...SEND_OPTIONS, 'languageCode', 'namespace', 'timeToLive', 'useMarketingMessages'];

/** The options of a send that are fields of their own since version 2, beside the collection. */
export const SEND_FIELD_NAMES = ['dryRun', 'optedIn', 'sendOnce', 'waitTimeout', 'waitUntil'];

/** Set to anything, an empty text included. */
const SET: Array<string | null | { _cnd: { exists: true } }> = [{ _cnd: { exists: true } }, '', null];

/** The Options collection with the named options, in alphabetical order as n8n requires: one for each panel. */
export function optionsFields(names: readonly string[]): INodeProperties[] {
	const options = [...names].sort().flatMap((name) => OPTIONS[name] ?? []);
	const hasFields = names.includes('sendOnce');
	return [
		{ ...collection(options), displayOptions: { show: VERSION_1 } },
		{ ...collection(options.flatMap((option) => (hasFields ? besideFields(option) : [option])).map(inVersion2)), displayOptions: { show: VERSION_2 } },
	];
}

function collection(options: INodeProperties[]): INodeProperties {
	return { displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add option', default: {}, options };
}

/** What is a field is no longer offered, but is shown where it is set. */
function besideFields(option: INodeProperties): INodeProperties[] {
	// n8n drops a value that no entry shows; this one is always shown, and never visible.
	const kept: INodeProperties = { displayName: option.displayName, name: option.name, type: 'hidden', default: null };
	if (SEND_FIELD_NAMES.includes(option.name)) return [{ ...option, displayOptions: { show: { [option.name]: SET } } }, kept];
	if (option.name !== 'sendAgain') return [option];
	return [
		{ ...option, displayOptions: { hide: { '/sendOnce': [false] } } },
		{ ...option, displayOptions: { show: { sendOnce: SET, '/sendOnce': [false] } } },
		kept,
	];
}

function inVersion2(option: INodeProperties): INodeProperties {
	return { ...option, ...VERSION_2_OPTIONS[option.name] };
}

/** What the options are called, and start with, since version 2. */
const VERSION_2_OPTIONS: Record<string, Partial<INodeProperties>> = {
	retryFor: { displayName: 'Retry For (Seconds)' },
	timeout: { displayName: 'Timeout (Seconds)' },
	timeToLive: { displayName: 'Time to Live (Seconds)' },
	waitTimeout: { displayName: 'Wait Timeout (Seconds)' },
	waitUntil: { default: 'delivered', options: WAIT_UNTIL_CHOICES, description: 'Which delivery status to wait for before the item goes on. A failed message ends every wait.' },
};

/** The options that are fields of their own since version 2, for every send. */
export const sendFields: INodeProperties[] = [
	{ ...OPTIONS.sendOnce!, default: false },
	{ ...OPTIONS.optedIn!, default: true },
	{ ...OPTIONS.dryRun!, default: false },
	{ ...inVersion2(OPTIONS.waitUntil!), default: 'none' },
	{ ...inVersion2(OPTIONS.waitTimeout!), displayOptions: { hide: { waitUntil: ['none'] } } },
].map((field) => ({ ...field, displayOptions: { ...field.displayOptions, show: VERSION_2 } }));
