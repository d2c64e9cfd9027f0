import type { TemplateButton } from './definition';
import { field, fixedPart, type FieldValues, type PartScope, type TemplateField, type TemplatePart } from './part';
import { placeholders } from './placeholders';
import { readJsonObject } from '../value';

type FieldDraft = Partial<TemplateField> & { label: string; hint: string };

/** The fields of a kind of button and what it sends; undefined parameters mean no component, empty ones a component without parameters. */
interface ButtonKind {
	subType: string;
	/** The button's own field, `button_0`. */
	value: FieldDraft;
	/** A second field, `button_0_data`. */
	data?: FieldDraft;
	parameters: (value: string | undefined, data: string | undefined) => object[] | undefined;
}

/** A template's button, with its index among all buttons; null if unsupported (1msg-api.md, section 2.2). */
export function buttonPart(button: TemplateButton, index: number, scope: PartScope): TemplatePart | null {
	if (button.opaque || placeholders(button.url).length > 1) return null;
	const fixed = fixedPart(button.text === '' ? '' : `[${button.text}]`);
	const kind = kindOf(button, scope);
	if (!kind) return fixed;
	const id = `${scope.idPrefix}button_${index}`;
	const label = (words: string) => `${scope.labelPrefix}Button "${button.text || index + 1}" ${words}`;
	const drafts = [{ ...kind.value, id }, ...(kind.data ? [{ ...kind.data, id: `${id}_data` }] : [])];
	return {
		...fixed,
		fields: drafts.map((draft) => field({ ...draft, label: label(draft.label) })),
		components(values: FieldValues) {
			const parameters = kind.parameters(values.get(id) ?? (isPassword(button, scope) ? values.get(scope.passwordField) : undefined), values.get(`${id}_data`));
			if (!parameters) return [];
			return [{ type: 'button', sub_type: kind.subType, index, ...(parameters.length === 0 ? {} : { parameters }) }];
		},
	};
}

function isPassword(button: TemplateButton, scope: PartScope): boolean {
	return scope.passwordField !== '' && (button.type === 'OTP' || button.type === 'URL');
}

function kindOf(button: TemplateButton, scope: PartScope): ButtonKind | undefined {
	if (button.type === 'OTP') return PASSWORD;
	if (button.type !== 'URL') return KINDS.get(button.type);
	if (placeholders(button.url).length === 0) return undefined;
	return isPassword(button, scope) ? PASSWORD : linkKind(button);
}

const text = (value: string | undefined) => (value === undefined ? undefined : [{ type: 'text', text: value }]);
const action = (fields: object) => [{ type: 'action', action: fields }];

const PASSWORD: ButtonKind = {
	subType: 'url',
	value: { label: 'Code', hint: 'The same code as in the text, which is used if this is empty', kind: 'code', required: false, rare: true },
	parameters: text,
};

function linkKind(button: TemplateButton): ButtonKind {
	const startsWith = button.url.slice(0, button.url.indexOf('{{'));
	const ending = button.example.startsWith(startsWith) ? button.example.slice(startsWith.length) : '';
	return {
		subType: 'url',
		value: { label: 'Link Ending', hint: `Completes ${button.url}`, example: ending, kind: 'linkEnding', startsWith },
		parameters: text,
	};
}

const KINDS = new Map<string, ButtonKind>([
	[
		'QUICK_REPLY',
		{
			subType: 'quick_reply',
			value: { label: 'Payload', hint: 'Returned to you when the customer taps the button', required: false, rare: true },
			parameters: (value) => (value === undefined ? undefined : [{ type: 'payload', payload: value }]),
		},
	],
	['COPY_CODE', couponKind()],
	['COUPON_CODE', couponKind()],
	[
		'CATALOG',
		{
			subType: 'catalog',
			value: { label: 'Product', hint: 'Content ID of the product to show as the picture; the first in the catalog if empty', required: false },
			parameters: (value) => (value === undefined ? [] : action({ thumbnail_product_retailer_id: value })),
		},
	],
	[
		'FLOW',
		{
			subType: 'flow',
			value: { label: 'Flow Token', hint: "Returned to you with the customer's answers", required: false },
			data: { label: 'Flow Data', hint: 'JSON object for the first screen of the flow', kind: 'json', required: false, rare: true },
			parameters: (token, data) => action({ flow_token: token ?? 'unused', ...(data === undefined ? {} : { flow_action_data: readJsonObject(data) }) }),
		},
	],
	[
		'ORDER_DETAILS',
		{
			subType: 'order_details',
			value: { label: 'Order Details', hint: 'JSON object with reference_id, currency, order ...', kind: 'json' },
			parameters: (value) => action({ order_details: readJsonObject(value ?? '') }),
		},
	],
	[
		'MPM',
		{
			subType: 'mpm',
			value: { label: 'Products', hint: 'JSON object with thumbnail_product_retailer_id and sections', kind: 'json' },
			parameters: (value) => action(readJsonObject(value ?? '') ?? {}),
		},
	],
]);

function couponKind(): ButtonKind {
	return {
		subType: 'copy_code',
		value: { label: 'Code', hint: 'The code that the customer copies, at most 20 characters', kind: 'code' },
		parameters: (value) => [{ type: 'coupon_code', coupon_code: value ?? '' }],
	};
}
