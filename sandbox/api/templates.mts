import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, textOf } from '../json.mts';
import type { Settings } from '../state/settings.mts';

/** GET /templates, with the quirks selected in the settings (1msg-api.md section 3). */
export function templateList(rows: readonly JsonObject[], query: URLSearchParams, settings: Settings): Answer {
	if (settings.templateListShape === 'error') {
		return json(200, { error: { code: 190, type: 'OAuthException', message: 'Error validating access token' } });
	}
	const sorted = sortedBy(rows, query.get('sort'));
	const page = settings.ignoreOffset ? sorted : onePage(sorted, query);
	const templates = page.map((row) => shown(row, settings));
	return json(200, settings.templateListShape === 'array' ? templates : { total: rows.length, templates });
}

function sortedBy(rows: readonly JsonObject[], field: string | null): readonly JsonObject[] {
	if (field !== 'id' && field !== 'name' && field !== 'status') return rows;
	const value = (row: JsonObject) => textOf(row[field]) ?? '';
	return rows.toSorted((a, b) => (field === 'id' ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b))));
}

function onePage(rows: readonly JsonObject[], query: URLSearchParams): readonly JsonObject[] {
	const offset = Math.max(0, Number(query.get('offset')) || 0);
	const limit = Math.max(1, Number(query.get('limit')) || 100);
	return rows.slice(offset, offset + limit);
}

function shown(row: JsonObject, settings: Settings): JsonObject {
	const { namespace, ...rest } = row;
	const copy: JsonObject = { ...rest };
	if (namespace !== undefined && settings.namespaceField !== 'none') copy[settings.namespaceField] = namespace;
	if (settings.stringComponents && typeof copy.components !== 'string') copy.components = JSON.stringify(copy.components);
	if (settings.statusCase !== 'asStored') {
		const status = textOf(copy.status) ?? '';
		copy.status = settings.statusCase === 'upper' ? status.toUpperCase() : status.toLowerCase();
	}
	return copy;
}
