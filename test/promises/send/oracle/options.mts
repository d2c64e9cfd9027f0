/** Option values as defined in interface.md, "Yes and no". */
import type { NodePlan, OptionName, OptionPlan, Style, YesOrNo } from '../world.mts';

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

export function optionOf(node: NodePlan, name: OptionName, item: number): unknown {
	const plan = node.options[name];
	return plan && valueOf(plan, item);
}

export function says(node: NodePlan, name: YesOrNo, item: number): Said {
	const plan = node.options[name];
	if (!plan) return 'absent';
	const value = valueOf(plan, item);
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
	const value = node.options[name] && valueOf(node.options[name], item);
	return typeof value === 'string' && /^\s*[01]\s*$/.test(value);
}

/** A number option in its unit; the default if absent. */
export function numberOf(node: NodePlan, name: OptionName, item: number, otherwise: number): number {
	const value = optionOf(node, name, item);
	return value === undefined || value === null || value === '' ? otherwise : Number(value);
}
