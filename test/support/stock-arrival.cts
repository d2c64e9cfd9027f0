/** The namespace of every template in the sandbox. */
export const NAMESPACE = '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001';

/** A body component of texts. */
export function bodyOf(...texts: string[]) {
	return { type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) };
}

/** A good request for the stock arrival template; `changes` replaces fields of it. */
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
