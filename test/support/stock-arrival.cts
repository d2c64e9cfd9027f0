/** Namespace of every sandbox template. */
export const NAMESPACE = '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001';

/** A body component with text parameters. */
export function bodyOf(...texts: string[]) {
	return { type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) };
}

/** A valid request for the stock arrival template; `changes` overrides fields. */
export function stockArrival(phone: string, changes: Record<string, unknown> = {}) {
	return {
		phone,
		template: 'stock_arrival',
		namespace: NAMESPACE,
		language: { policy: 'deterministic', code: 'en' },
		params: [bodyOf('Anna', '10482', 'Trail shoes', 'It ships tomorrow')],
		...changes,
	};
}
