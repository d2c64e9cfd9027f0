import type { IWebhookFunctions } from 'n8n-workflow';

type Request = ReturnType<IWebhookFunctions['getRequestObject']> & { rawBody?: { length: number } };

/**
 * Bytes of a body that is read at most: what n8n takes by default (`N8N_PAYLOAD_SIZE_MAX`, 16 MiB), kept where n8n is told to take more.
 * 1MSG's own bodies are a few kilobytes.
 */
export const MOST_BYTES = 16 * 1024 * 1024;

/** Bytes of the body as n8n read it (inflated), or as the sender announces it; 0 where neither is known. */
export function bytesOf(request: Request): number {
	return request.rawBody?.length ?? (Number(request.headers['content-length']) || 0);
}
