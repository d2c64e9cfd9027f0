/** Option values as defined in interface.md, "Yes and no". */
import { FIELDS, type NodePlan, type OptionName, type OptionPlan, type Style, type YesOrNo } from '../world.mts';

/** A yes-or-no option: absent, yes, no, empty, or neither. */
export type Said = 'absent' | 'yes' | 'no' | 'empty' | 'neither';

/** An expression's or literal's value for an item. */
export function valueOf(plan: OptionPlan, item: number): unknown {
	const value = plan.values[plan.style === 'literal' ? 0 : item % plan.values.length];
	if (plan.style === 'literal') return value === undefined ? null : value;
	return styleOf(plan) === 'text' ? ` ${String(value)} ` : value;
}

/** Only values with a single text form are embedded in text. */
export function styleOf({ style, values }: OptionPlan): Style {
	return style === 'text' && !values.every((value) => ['string', 'number', 'boolean'].includes(typeof value)) ? 'plain' : style;
}

/** An option's value; without one, that of the field of the same name, as long as the node shows it. */
export function optionOf(node: NodePlan, name: OptionName, item: number): unknown {
	const plan = node.options[name];
	const value = plan && valueOf(plan, item);
	if (value !== undefined && value !== null) return value;
	const field = fieldOf(node, name);
	return field ? valueOf(field, item) : value;
}

function fieldOf(node: NodePlan, name: OptionName): OptionPlan | undefined {
	const field = FIELDS.find((known) => known === name);
	if (field === undefined) return undefined;
	// n8n drops the time limit of a wait that is none.
	const until = node.fields.waitUntil;
	if (field === 'waitTimeout' && (!until || (until.style === 'literal' && until.values[0] === 'none'))) return undefined;
	return node.fields[field];
}

/** The safer of what option and field say; what neither means yes nor no comes first. */
const SAFER: Partial<Record<YesOrNo, Said[]>> = {
	dryRun: ['neither', 'empty', 'yes', 'no'],
	sendOnce: ['neither', 'empty', 'yes', 'no'],
	optedIn: ['neither', 'empty', 'no', 'yes'],
};

export function says(node: NodePlan, name: YesOrNo, item: number): Said {
	const said = [node.options[name], fieldOf(node, name)].map((plan) => (plan ? saidBy(valueOf(plan, item)) : 'absent'));
	return SAFER[name]?.find((one) => said.includes(one)) ?? said[0]!;
}

function saidBy(value: unknown): Said {
	if (value === true || value === 1) return 'yes';
	if (value === false || value === 0) return 'no';
	if (value === undefined || value === null) return 'empty';
	if (typeof value !== 'string') return 'neither';
	const word = value.trim().toLowerCase();
	if (word === '') return 'empty';
	if (['true', 'yes', 'on', '1'].includes(word)) return 'yes';
	return ['false', 'no', 'off', '0'].includes(word) ? 'no' : 'neither';
}

/** Whether a digit as text is left undefined: only numbers are promised. */
export function isDigit(node: NodePlan, name: YesOrNo, item: number): boolean {
	return [node.options[name], fieldOf(node, name)].some((plan) => {
		const value = plan && valueOf(plan, item);
		return typeof value === 'string' && /^\s*[01]\s*$/.test(value);
	});
}

/** A number option in its unit; the default if absent. */
export function numberOf(node: NodePlan, name: OptionName, item: number, otherwise: number): number {
	const value = optionOf(node, name, item);
	return value === undefined || value === null || value === '' ? otherwise : Number(value);
}
