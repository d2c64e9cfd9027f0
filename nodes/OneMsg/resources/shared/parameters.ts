import type { IExecuteFunctions } from 'n8n-workflow';
import { memoize } from '../../../core/memoize';

const PLAIN = /^=\{\{\s*\$json\.([A-Za-z_]\w*)\s*\}\}$/;

/** How a field is written in the node, the same for all items. */
type Written =
	/** A plain `{{ $json.key }}`. */
	| { as: 'item'; key: string }
	/** No expression: every item has the same value, which n8n is asked for once. */
	| { as: 'fixed'; value?: { read: unknown } }
	| { as: 'expression' };

/**
 * A field's value for an item, as n8n reads it; an object is the same one for all items and must not be changed.
 * A plain `{{ $json.name }}` is taken from the item directly, and what is no expression is read once:
 * n8n's expression engine needs about as long for five fields as the whole send does.
 */
export function readField(context: IExecuteFunctions, name: string, itemIndex: number, fallback?: unknown): unknown {
	const written = writtenOf(context, name);
	if (written.as === 'fixed') return (written.value ??= { read: context.getNodeParameter(name, itemIndex, fallback) }).read;
	if (written.as === 'item') {
		const json = context.getInputData()[itemIndex]?.json;
		// Only what stands in the item itself, and only plain values: for the rest n8n knows best.
		if (json && Object.hasOwn(json, written.key) && isPlain(json[written.key])) return json[written.key];
	}
	return context.getNodeParameter(name, itemIndex, fallback);
}

const fieldsOf = memoize<IExecuteFunctions, Map<string, Written>>(() => new Map());

function writtenOf(context: IExecuteFunctions, name: string): Written {
	const known = fieldsOf(context);
	const written = known.get(name) ?? read(context.getNode().parameters[name]);
	known.set(name, written);
	return written;
}

function read(written: unknown): Written {
	const key = typeof written === 'string' ? PLAIN.exec(written)?.[1] : undefined;
	if (key !== undefined) return { as: 'item', key };
	return hasExpression(written) ? { as: 'expression' } : { as: 'fixed' };
}

function hasExpression(written: unknown): boolean {
	if (typeof written === 'string') return written.startsWith('=');
	return typeof written === 'object' && written !== null && Object.values(written).some(hasExpression);
}

function isPlain(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}
