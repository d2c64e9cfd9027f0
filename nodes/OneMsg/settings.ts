import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { foundBeforeSending, no, ok, type Result } from '../core/problem';
import { DEFAULT_TIMEOUT } from '../transport';
import { readField } from './readField';

/** The item's options; where they hold no expression, the same object for all items. */
export function readOptions(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const options = readField(context, 'options', itemIndex, {});
	return options !== null && typeof options === 'object' ? (options as IDataObject) : {};
}

/** A number option within its limits; absent or empty gives the default. Gives `invalid-option`, naming the label. */
export function readNumber(
	value: unknown,
	rule: { label: string; fallback: number; from: number; to: number },
): Result<number> {
	if (value === undefined || value === null || value === '') return ok(rule.fallback);
	const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
	if (Number.isFinite(number) && number >= rule.from && number <= rule.to) return ok(number);
	return no(
		foundBeforeSending({
			code: 'invalid-option',
			message: `${rule.label} is "${String(value).slice(0, 50)}", but must be a number from ${rule.from} to ${rule.to}`,
			description: `Correct the ${rule.label} option or remove it.`,
		}),
	);
}

/** The Timeout option in milliseconds. */
export function readTimeout(options: IDataObject): Result<number> {
	const seconds = readNumber(options.timeout, { label: 'Timeout', fallback: DEFAULT_TIMEOUT / 1000, from: 0.1, to: 3600 });
	return seconds.ok ? ok(seconds.value * 1000) : seconds;
}

/** The Time to Live option in whole seconds, null where it is not set (1msg-api.md, section 2.1). */
export function readTimeToLive(options: IDataObject): Result<number | null> {
	const { timeToLive } = options;
	if (timeToLive === undefined || timeToLive === null || timeToLive === '') return ok(null);
	if (Number(timeToLive) === -1) return ok(-1);
	const seconds = readNumber(timeToLive, { label: 'Time to Live', fallback: 0, from: 30, to: 2_592_000 });
	return seconds.ok ? ok(Math.round(seconds.value)) : seconds;
}

/**
 * Whether the Opted In option lets the item through. Where the option is present, only a clear yes does:
 * an expression that finds nothing must not message anyone.
 */
export function checkOptIn(options: IDataObject): Result<null> {
	if (!Object.hasOwn(options, 'optedIn')) return ok(null);
	const { optedIn } = options;
	if (optedIn === true || optedIn === 1 || /^(true|yes|1)$/i.test(String(optedIn))) return ok(null);
	return no(
		foundBeforeSending({
			code: 'no-opt-in',
			message: 'This customer has not agreed to be messaged, so nothing was sent',
			description: 'Ask the customer for consent by another channel, or correct the Opted In option.',
			action: 'otherChannel',
		}),
	);
}
