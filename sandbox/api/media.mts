import { createHash, randomInt } from 'node:crypto';
import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, textOf } from '../json.mts';
import type { World } from '../state/world.mts';

/** An uploaded file, as GET /retrieveMedia shows it. */
export interface Media {
	id: string;
	url: string;
	mimeType: string;
	sha256: string;
	fileSize: number;
}

/** POST /uploadMedia: `body` or `url`, a public URL or a data URI (1msg-contract-2.md section 2). Nothing is fetched. */
export function uploadMedia(body: JsonObject, { media, settings }: World): Answer {
	const given = textOf(body.body) || textOf(body.url) || '';
	const data = /^data:([\w.+-]+\/[\w.+-]+)[^,]*;base64,([A-Za-z0-9+/]+=*)$/.exec(given);
	if (settings.uploads === 'wrongFile' || (!data && !/^https?:\/\/\S+$/.test(given))) return json(200, { sent: false, message: 'wrong file' });
	const content = Buffer.from(data?.[2] ?? given, data ? 'base64' : 'utf8');
	const id = String(randomInt(1e14, 2e14));
	const sha256 = createHash('sha256').update(content).digest('hex');
	media.set(id, { id, url: data ? `https://media.example/${id}` : given, mimeType: data?.[1] ?? 'application/octet-stream', sha256, fileSize: content.length });
	return json(200, { mediaId: id });
}

/** GET /retrieveMedia?mediaId=. */
export function retrieveMedia(query: URLSearchParams, { media }: World): Answer {
	const found = media.get(query.get('mediaId') ?? '');
	return found ? json(200, found) : json(400, { error: 'media is not found' });
}

/** DELETE /media/{mediaId}, and the older POST /deleteMedia. */
export function deleteMedia(id: string, { media }: World): Answer {
	return media.delete(id) ? json(200, { result: 'success' }) : json(400, { error: 'media is not found' });
}
