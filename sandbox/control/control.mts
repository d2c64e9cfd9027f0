import { z } from 'zod';
import { type Answer, json } from '../http/answer.mts';
import { routes } from './routes.mts';
import { parsedJson } from '../json.mts';
import { ControlError, type ControlRequest } from './request.mts';
import type { World } from '../state/world.mts';

/** Answers a call to `/_sandbox/...`: no token, JSON in and out; bad input gives a 400 with a message. */
export async function answerControl(method: string, url: URL, text: string, world: World): Promise<Answer> {
	const path = url.pathname.replace(/^\/_sandbox\/?/, '').replace(/\/+$/, '');
	try {
		for (const route of routes) {
			const match = route.method === method ? route.path.exec(path) : null;
			if (!match) continue;
			const request: ControlRequest = { query: url.searchParams, body: readJson(text), key: decodeURIComponent(match[1] ?? '') };
			return json(200, await route.answer(request, world));
		}
		return json(404, { error: `There is no ${method} /_sandbox/${path}; GET /_sandbox/ lists all routes.` });
	} catch (error) {
		if (error instanceof z.ZodError) return json(400, { error: sentence(error) });
		if (error instanceof ControlError) return json(error.status, { error: error.message });
		if (error instanceof URIError) return json(400, { error: 'The address is not properly encoded.' });
		throw error;
	}
}

function readJson(text: string): unknown {
	if (text.trim() === '') return {};
	const body = parsedJson(text);
	if (body === undefined) throw new ControlError('The body is not valid JSON.');
	return body;
}

function sentence({ issues }: z.ZodError): string {
	return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}.` : `${message}.`)).join(' ');
}
