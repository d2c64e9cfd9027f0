import { memoize } from '../memoize';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../problem';
import type { Template } from '../template/list';
import { renderTemplate, shownTexts } from '../template/template';
import { placeholders, substitute } from '../template/placeholders';
import { MAX_BODY_LENGTH, MAX_BODY_ONLY_LENGTH } from '../template/textPart';
import { readValue } from '../value';

/** The four variables of the stock arrival template, in numerical order (1msg-api.md, "mission"). */
export const STOCK_ARRIVAL_FIELDS = [
	{ name: 'customerName', label: 'Customer Name' },
	{ name: 'orderReference', label: 'Order Reference' },
	{ name: 'productName', label: 'Product Name' },
	{ name: 'nextStep', label: 'Next Step' },
] as const;

/** {{1}} customer, {{2}} order, {{3}} product, {{4}} next step. */
export type StockArrivalValues = [string, string, string, string];

/** Reads the four required values. Gives `empty-variable` or `invalid-variable`, naming the field. */
export function readStockArrivalValues(given: Record<string, unknown>): Result<StockArrivalValues> {
	const values: string[] = [];
	for (const { name, label } of STOCK_ARRIVAL_FIELDS) {
		const value = readValue(given[name], label);
		if (!value.ok) return value;
		values.push(value.value);
	}
	return ok(values as StockArrivalValues);
}

/** Why a template cannot be filled with exactly the four values; empty if it fits. Memoized per template. */
export const misfits: (template: Template) => readonly string[] = memoize(findMisfits);

function findMisfits(template: Template): string[] {
	if (!template.componentsKnown) return ['its parts could not be read from the channel'];
	const found: string[] = [];
	const body = template.components.find(({ type }) => type === 'BODY');
	const tokens = placeholders(body?.text ?? '');
	if (tokens.some((token) => !/^\d+$/.test(token))) {
		found.push(`its text has named variables (${tokens.map((token) => `{{${token}}}`).join(', ')}), not {{1}} to {{4}}`);
	} else if (tokens.length === 4 && tokens.join() !== '1,2,3,4') {
		found.push(`its variables are ${tokens.map((token) => `{{${token}}}`).join(', ')}, not {{1}} to {{4}}`);
	} else if (tokens.length !== 4) {
		found.push(`its text has ${tokens.length} variable${tokens.length === 1 ? '' : 's'}, not four`);
	}
	for (const part of template.components) {
		if (part.type === 'HEADER' && part.format !== '' && part.format !== 'TEXT') {
			found.push(`its header wants ${part.format === 'IMAGE' ? 'an image' : `a ${part.format.toLowerCase()}`}`);
		} else if (part.type === 'HEADER' && placeholders(part.text).length > 0) {
			found.push('its header has a variable');
		} else if (part.type === 'BUTTONS') {
			found.push(...part.buttons.flatMap(buttonMisfit));
		} else if (!['HEADER', 'BODY', 'FOOTER', 'BUTTONS'].includes(part.type)) {
			found.push(`it has a part of type ${part.type.toLowerCase().replaceAll('_', ' ')}`);
		}
	}
	return found;
}

const STATIC_BUTTONS = new Set(['URL', 'PHONE_NUMBER', 'QUICK_REPLY', 'VOICE_CALL']);

function buttonMisfit(button: { type: string; text: string; url: string }): string[] {
	if (placeholders(button.url).length > 0) return [`the link of its button "${button.text}" has a variable`];
	if (!STATIC_BUTTONS.has(button.type)) {
		return [`its button "${button.text}" of type ${button.type.toLowerCase().replaceAll('_', ' ')} wants a value`];
	}
	return [];
}

export function misfitProblem(template: Template, differences: readonly string[]): Problem {
	return foundBeforeSending({
		code: 'template-does-not-fit',
		message: `The template "${template.name}" (${template.language}) is not a stock arrival template: ${differences.join('; ')}`,
		description:
			'Choose a template with exactly four numbered variables in its text, no variable in its header and only fixed buttons, or use Send Template for this one.',
		action: 'fixTemplate',
	});
}

/** The single component that carries the four values; the fixed button needs none. */
export function stockArrivalParams(values: StockArrivalValues) {
	return [{ type: 'body', parameters: values.map((text) => ({ type: 'text', text })) }];
}

/** The message as the customer reads it, and as a history shows it. Gives `text-too-long`. */
export function stockArrivalText(template: Template, values: StockArrivalValues): Result<{ text: string; shownAs: string[] }> {
	const body = template.components.find(({ type }) => type === 'BODY')?.text ?? '';
	const { length } = substitute(body, (token) => values[Number(token) - 1] ?? '');
	const limit = template.components.length === 1 ? MAX_BODY_ONLY_LENGTH : MAX_BODY_LENGTH;
	const fields = new Map(values.map((value, index) => [`body_${index + 1}`, value]));
	if (length <= limit) return ok({ text: renderTemplate(template, fields), shownAs: shownTexts(template, fields) });
	const longest = STOCK_ARRIVAL_FIELDS[values.indexOf([...values].sort((a, b) => b.length - a.length)[0]!)]!;
	return err(
		foundBeforeSending({
			code: 'text-too-long',
			message: `With these values the text has ${length} characters; WhatsApp allows ${limit}`,
			description: `Shorten ${longest.label}, which is the longest value.`,
		}),
	);
}
