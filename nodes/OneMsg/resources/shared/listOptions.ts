import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { memoize } from '../../../core/memoize';

/** Another node's items, the same for every item: `$('Opt-outs').all()`, `$('WMS event').first()`. */
const LISTS = /\$(?:\((['"`])(?:(?!\1)[^$])*\1\)|input)\.(?:all|first|last)\(/g;

/**
 * The options of an item, one by one, if any is an expression of whole lists without a part of the item:
 * n8n would build a list of thousands for each of thousands of items, so it is read once. Undefined if there is none.
 */
export function readWithLists(context: IExecuteFunctions, itemIndex: number): IDataObject | undefined {
	const lists = listsSetIn(context);
	if (lists.names.length === 0) return undefined;
	const read = (name: string, item: number) => [name, context.getNodeParameter(`options.${name}`, item)] as const;
	lists.values ??= Object.fromEntries(lists.names.map((name) => read(name, 0))) as IDataObject;
	const others = optionsSetIn(context).filter((name) => !lists.names.includes(name));
	return { ...(Object.fromEntries(others.map((name) => read(name, itemIndex))) as IDataObject), ...lists.values };
}

const listsSetIn = memoize((context: IExecuteFunctions): { names: string[]; values?: IDataObject } => {
	const parameter = context.getNode().parameters.options as IDataObject;
	return { names: optionsSetIn(context).filter((name) => isList(parameter[name])) };
});

/** Whether it is an expression of other nodes' whole lists, or of their first or last item, without a part of the item. */
export function isList(source: unknown): boolean {
	if (typeof source !== 'string' || !source.startsWith('=')) return false;
	const rest = source.replace(LISTS, '');
	return rest !== source && !rest.includes('$');
}

/** The names of the options set in the node, whatever their expressions yield. */
export const optionsSetIn = memoize((context: IExecuteFunctions): string[] => {
	const parameter = context.getNode().parameters.options;
	return parameter !== null && typeof parameter === 'object' ? Object.keys(parameter) : [];
});
