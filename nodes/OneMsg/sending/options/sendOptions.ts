import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { memoize } from '../../../core/memoize';
import { ok, type Result } from '../../../core/problem';
import { SEND_FIELD_NAMES } from '../../resources/shared/options';
import { readField } from '../../resources/shared/parameters';
import { readFlag, readOptedIn, readOptions } from '../../resources/shared/settings';
import { isFirstVersion } from '../../resources/shared/versions';

/** The fields that n8n keeps for this node: none in version 1, and only those that its panel shows. */
const fieldNamesOf = memoize((context: IExecuteFunctions): string[] => {
	const { parameters } = context.getNode();
	return isFirstVersion(context) ? [] : SEND_FIELD_NAMES.filter((name) => Object.hasOwn(parameters, name));
});

let last: { options: IDataObject; given: unknown[]; merged: Result<IDataObject> } | undefined;

/**
 * The options of an item's send, and the fields beside them, as options. Where a field and its option disagree, the safer wins:
 * once, dry, and not without consent; Wait Until is the option's. Gives `invalid-option` if either is neither yes nor no.
 * The same object for items with the same options and fields.
 */
export function readSendOptions(context: IExecuteFunctions, itemIndex: number): Result<IDataObject> {
	const options = readOptions(context, itemIndex);
	const names = fieldNamesOf(context);
	if (!options.ok || names.length === 0) return options;
	const given = names.map((name) => readField(context, name, itemIndex));
	if (last?.options !== options.value || given.some((value, index) => value !== last?.given[index])) {
		const fields = Object.fromEntries(names.map((name, index) => [name, given[index]] as const)) as IDataObject;
		last = { options: options.value, given, merged: merge(options.value, fields) };
	}
	return last.merged;
}

function merge(options: IDataObject, fields: IDataObject): Result<IDataObject> {
	const flags: IDataObject = {};
	for (const [name, label] of [['sendOnce', 'Send Once'], ['dryRun', 'Dry Run']] as const) {
		const field = readFlag(fields, name, { label, fallback: false });
		if (!field.ok) return field;
		const option = readFlag(options, name, { label, fallback: false });
		if (!option.ok) return option;
		flags[name] = field.value || option.value;
	}
	const field = readOptedIn(fields);
	if (!field.ok) return field;
	const option = readOptedIn(options);
	if (!option.ok) return option;
	return ok({
		...options,
		...flags,
		optedIn: field.value && option.value,
		// An empty field is no choice, where an empty option is none.
		waitUntil: options.waitUntil ?? fields.waitUntil ?? '',
		waitTimeout: options.waitTimeout ?? fields.waitTimeout,
	});
}
