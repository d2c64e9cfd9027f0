import type { INodeProperties } from 'n8n-workflow';
import { STOCK_ARRIVAL_FIELDS } from '../../../core/stockArrival/stockArrival';
import { STOCK_ARRIVAL_TEXTS } from '../../../core/stockArrival/wording';
import { TEMPLATE_LANGUAGES } from '../../../core/template/languages';

const worded = STOCK_ARRIVAL_TEXTS.flatMap(({ languages }) => languages);
const inOrder = [...TEMPLATE_LANGUAGES].sort(([a], [b]) => Number(worded.includes(b)) - Number(worded.includes(a)));

/** One field per wording, shown for its languages, so that n8n fills in the wording as its default. */
function perLanguage(field: INodeProperties, ready: 'body' | 'button'): INodeProperties[] {
	return [
		...STOCK_ARRIVAL_TEXTS.map((wording) => ({ ...field, default: wording[ready], displayOptions: { show: { languageCode: [...wording.languages] } } })),
		{ ...field, displayOptions: { hide: { languageCode: worded } } },
	];
}

/** The fields of Create Stock Arrival Template, without `displayOptions` for the operation. */
export const draftFields: INodeProperties[] = [
	{
		displayName: 'Template Name',
		name: 'templateName',
		type: 'string',
		default: 'stock_arrival',
		required: true,
		description: 'Lower-case letters, digits and underscores; the same name may exist in several languages',
	},
	{
		displayName: 'Language',
		name: 'languageCode',
		type: 'options',
		noDataExpression: true,
		options: inOrder.map(([value, name]) => ({ name, value, description: worded.includes(value) ? 'With a ready-made wording' : undefined })),
		default: 'en',
		description: 'The language of the text',
	},
	...perLanguage(
		{
			displayName: 'Body Text',
			name: 'bodyText',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			description: 'The text with {{1}} customer, {{2}} order, {{3}} product and {{4}} next step; no variable at its start or end',
		},
		'body',
	),
	...perLanguage(
		{
			displayName: 'Button Text',
			name: 'buttonText',
			type: 'string',
			default: '',
			description: 'At most 25 characters',
		},
		'button',
	),
	{
		displayName: 'Button URL',
		name: 'buttonUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://shop.example/confirm',
		description: 'The page that the button opens, the same for every customer',
	},
	{
		displayName: 'Sample Values',
		name: 'sampleValues',
		type: 'collection',
		placeholder: 'Add sample value',
		default: {},
		description: 'What WhatsApp\'s reviewers see in place of the variables; ready-made samples are used for those left out',
		options: STOCK_ARRIVAL_FIELDS.map(({ name, label }) => ({ displayName: label, name, type: 'string' as const, default: '' })),
	},
];
