import { createHash } from 'node:crypto';

/** Names a message for `sendOnce`: the same kind (template and language), customer and content give the same key. */
export function messageKey(kind: string, customer: string, content: unknown): string {
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
	return `${kind}|${customer}|${hash}`;
}
