import type { IDataObject } from 'n8n-workflow';
import { parseJson } from '../../../core/json';
import { redact, redactDeep } from '../../../core/redact';

/** The service's raw answer for an item's `response`, without secrets: parsed if JSON, null if none. */
export function rawAnswer(text: string | null, secrets: readonly string[]): IDataObject[string] {
	if (text === null) return null;
	const json = parseJson(text);
	return (json === undefined ? redact(text, secrets) : redactDeep(json, secrets)) as IDataObject[string];
}
