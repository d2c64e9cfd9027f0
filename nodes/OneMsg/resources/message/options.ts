import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

/** Every option of the node, once; operations pick theirs by name (interface.md, "options"). */
const OPTIONS: Record<string, INodeProperties> = {
	defaultCountry: {
		displayName: 'Default Country',
		name: 'defaultCountry',
		type: 'string',
		default: '',
		placeholder: 'e.g. RU',
		description: 'Two-letter country code for phone numbers written without their country code',
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
		description: 'How many requests may be in flight at once',
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
};

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
