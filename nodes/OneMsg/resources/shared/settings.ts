import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../../../core/problem';
import { isBlank, readYesNo } from '../../../core/value';
import { DEFAULT_TIMEOUT } from '../../../shared/transport';
import { optionsSetIn, readWithLists } from './listOptions';
import { readField } from './parameters';

/** Default seconds for retrying what was certainly not accepted. */
export const DEFAULT_RETRY_FOR = 300;

/**
 * The item's options; without expressions, the same object for all items. An option set in the node is present
 * even if its expression yields nothing. Gives `invalid-option` if the options are not an object.
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): Result<IDataObject> {
	const found = readWithLists(context, itemIndex) ?? readField(context, 'options', itemIndex, {});
	if (found === null || typeof found !== 'object' || Array.isArray(found)) {
		return err(invalidOption(`The options are ${JSON.stringify(found)?.slice(0, 50) ?? 'nothing'}, but must be an object of options`, 'Options'));
	}
	const options = found as IDataObject;
	const missing = optionsSetIn(context).filter((name) => !Object.hasOwn(options, name));
	return ok(missing.length === 0 ? options : { ...options, ...Object.fromEntries(missing.map((name) => [name, undefined])) });
}

/** One option of an item, whatever the others yield; undefined if it is not set or cannot be read. */
export function readOption(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	try {
		const set = optionsSetIn(context);
		if (set.length > 0) return set.includes(name) ? context.getNodeParameter(`options.${name}`, itemIndex) : undefined;
		// All options may be one expression.
		const options = readOptions(context, itemIndex);
		return options.ok ? options.value[name] : undefined;
	} catch {
		return undefined;
	}
}

export type Output = 'standard' | 'logRow';

/** The Output option, one for all items. Gives `invalid-option`. */
export function readOutput(context: IExecuteFunctions): Result<Output> {
	const given = readOption(context, 'output', 0) ?? 'standard';
	if (given === 'standard' || given === 'logRow') return ok(given);
	return err(invalidOption(`Output is "${shown(given)}", but must be one of standard, logRow`, 'Output'));
}

/** Reads a number option within its limits; defaults if absent or empty. Gives `invalid-option`, naming the label. */
export function readNumber(
	value: unknown,
	rule: { label: string; fallback: number; from: number; to: number },
): Result<number> {
	if (value === undefined || value === null || value === '') return ok(rule.fallback);
	const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
	if (Number.isFinite(number) && number >= rule.from && number <= rule.to) return ok(number);
	return err(invalidOption(`${rule.label} is "${shown(value)}", but must be a number from ${rule.from} to ${rule.to}`, rule.label));
}

/** Reads a boolean option (interface.md, "Yes and no"); defaults if absent. Gives `invalid-option` for anything else. */
export function readFlag(options: IDataObject, name: string, rule: { label: string; fallback: boolean }): Result<boolean> {
	if (!Object.hasOwn(options, name)) return ok(rule.fallback);
	const flag = readYesNo(options[name]);
	if (flag !== undefined) return ok(flag);
	const given = isBlank(options[name]) ? 'empty' : `"${shown(options[name])}"`;
	return err(invalidOption(`${rule.label} is ${given}, but must say yes or no`, rule.label, 'Use true or false, 1 or 0, "yes" or "no", "on" or "off".'));
}

/** The Simplify option: whether to omit the service's raw answer from the item. */
export function readSimplify(options: IDataObject): Result<boolean> {
	return readFlag(options, 'simplify', { label: 'Simplify', fallback: true });
}

/** The Timeout option in milliseconds. */
export function readTimeout(options: IDataObject): Result<number> {
	const seconds = readNumber(options.timeout, { label: 'Timeout', fallback: DEFAULT_TIMEOUT / 1000, from: 0.1, to: 3600 });
	return seconds.ok ? ok(seconds.value * 1000) : seconds;
}

/** The options of a read-only operation. `timeout` in milliseconds. */
export function readAskSettings(options: Result<IDataObject>): Result<{ timeout: number; simplify: boolean }> {
	if (!options.ok) return options;
	const timeout = readTimeout(options.value);
	if (!timeout.ok) return timeout;
	const simplify = readSimplify(options.value);
	return simplify.ok ? ok({ timeout: timeout.value, simplify: simplify.value }) : simplify;
}

/** The Time to Live option in whole seconds, null if not set (1msg-api.md, section 2.1). */
export function readTimeToLive(options: IDataObject): Result<number | null> {
	const { timeToLive } = options;
	if (timeToLive === undefined || timeToLive === null || timeToLive === '') return ok(null);
	if (Number(timeToLive) === -1) return ok(-1);
	const seconds = readNumber(timeToLive, { label: 'Time to Live', fallback: 0, from: 30, to: 2_592_000 });
	return seconds.ok ? ok(Math.round(seconds.value)) : seconds;
}

/** Reads Opted In, by default yes. Empty means no: an expression that yields nothing must not message anyone. */
export function readOptedIn(options: IDataObject): Result<boolean> {
	const isEmpty = Object.hasOwn(options, 'optedIn') && isBlank(options.optedIn);
	return isEmpty ? ok(false) : readFlag(options, 'optedIn', { label: 'Opted In', fallback: true });
}

/** Whether Opted In permits the send. */
export function checkOptIn(options: IDataObject): Result<null> {
	const optedIn = readOptedIn(options);
	if (!optedIn.ok) return optedIn;
	if (optedIn.value) return ok(null);
	return err(
		foundBeforeSending({
			code: 'no-opt-in',
			message: 'This customer has not agreed to be messaged, so nothing was sent',
			description: 'Ask the customer for consent by another channel, or correct the Opted In option.',
			action: 'otherChannel',
		}),
	);
}

export function invalidOption(message: string, label: string, description = `Correct the ${label} option or remove it.`): Problem {
	return foundBeforeSending({ code: 'invalid-option', message, description });
}

/** A value shortened for a message. */
export function shown(value: unknown): string {
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	return text.slice(0, 50);
}
