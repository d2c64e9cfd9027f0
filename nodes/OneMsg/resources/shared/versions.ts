import type { IDisplayOptions, INode, INodeProperties } from 'n8n-workflow';

/** Shows a property only in a node saved with version 1: its panel stays what it was. */
export const VERSION_1: IDisplayOptions['show'] = { '@version': [1] };
/** Shows a property since version 2 of the node. */
export const VERSION_2: IDisplayOptions['show'] = { '@version': [{ _cnd: { gte: 2 } }] };

/** Whether a node was saved with version 1, so that its panel and its items stay what they were. */
export function isFirstVersion(context: { getNode: () => INode }): boolean {
	return context.getNode().typeVersion < 2;
}

/**
 * The properties, shown where their own `displayOptions` and `show` agree.
 * Versions and operation come first: n8n stops at the first condition whose value is an expression, and shows the property.
 */
export function showOnlyFor(show: IDisplayOptions['show'], properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.map((property) => {
		const { '@version': version, ...others } = property.displayOptions?.show ?? {};
		return { ...property, displayOptions: { ...property.displayOptions, show: { ...(version && { '@version': version }), ...show, ...others } } };
	});
}
