import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';

const PLAIN = /^=\{\{\s*\$json\.([A-Za-z_]\w*)\s*\}\}$/;

/**
 * A field's value for an item, as n8n reads it. A plain `{{ $json.name }}` is taken from the item directly:
 * n8n's expression engine needs about as long for five of them as the whole send does.
 */
export function readField(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	const written: unknown = parametersOf(context)[name];
	const key = typeof written === 'string' ? PLAIN.exec(written)?.[1] : undefined;
	const json = context.getInputData()[itemIndex]?.json;
	// Only what stands in the item itself, and only plain values: for the rest n8n knows best.
	if (key !== undefined && json && Object.hasOwn(json, key) && isPlain(json[key])) return json[key];
	return context.getNodeParameter(name, itemIndex);
}

/** n8n copies the whole node for each look at it. */
const parameters = new WeakMap<IExecuteFunctions, INodeParameters>();

function parametersOf(context: IExecuteFunctions): INodeParameters {
	const known = parameters.get(context) ?? context.getNode().parameters;
	parameters.set(context, known);
	return known;
}

function isPlain(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}
