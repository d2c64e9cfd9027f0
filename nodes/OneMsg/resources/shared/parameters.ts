import type { IExecuteFunctions } from 'n8n-workflow';
import { memoize } from '../../../core/memoize';
import { isList } from './listOptions';

const ITEM_FIELD = /^=\{\{\s*\$json\.([A-Za-z_]\w*)\s*\}\}$/;

/** How a field is set in the node, the same for all items. */
type FieldSource =
	/** A plain `{{ $json.key }}`. */
	| { as: 'item'; key: string }
	/** No expression, or one of another node's first item: the value is read from n8n once for all items. */
	| { as: 'fixed'; value?: { read: unknown } }
	| { as: 'expression' };

/**
 * A field's value for an item, as n8n reads it; objects are shared between items and must not be modified.
 * A plain `{{ $json.name }}` is read from the item directly, and a fixed value only once:
 * n8n's expression engine needs about as long for five fields as the whole send.
 */
export function readField(context: IExecuteFunctions, name: string, itemIndex: number, fallback?: unknown): unknown {
	const source = sourceOf(context, name);
	if (source.as === 'fixed') return (source.value ??= { read: context.getNodeParameter(name, itemIndex, fallback) }).read;
	if (source.as === 'item') {
		const json = context.getInputData()[itemIndex]?.json;
		// Only own properties with plain values; n8n resolves the rest.
		if (json && Object.hasOwn(json, source.key) && isPlain(json[source.key])) return json[source.key];
	}
	return context.getNodeParameter(name, itemIndex, fallback);
}

const fieldsOf = memoize<IExecuteFunctions, Map<string, FieldSource>>(() => new Map());

function sourceOf(context: IExecuteFunctions, name: string): FieldSource {
	const known = fieldsOf(context);
	const source = known.get(name) ?? read(context.getNode().parameters[name]);
	known.set(name, source);
	return source;
}

function read(source: unknown): FieldSource {
	const key = typeof source === 'string' ? ITEM_FIELD.exec(source)?.[1] : undefined;
	if (key !== undefined) return { as: 'item', key };
	return hasExpression(source) && !isList(source) ? { as: 'expression' } : { as: 'fixed' };
}

function hasExpression(source: unknown): boolean {
	if (typeof source === 'string') return source.startsWith('=');
	return typeof source === 'object' && source !== null && Object.values(source).some(hasExpression);
}

function isPlain(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
