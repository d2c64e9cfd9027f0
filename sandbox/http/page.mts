import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type Answer, json } from './answer.mts';

const FOLDER = join(import.meta.dirname, '..', 'page');
const PREFIX = '/_sandbox/page/';
const TYPES: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.svg': 'image/svg+xml',
};
const HEADERS = {
	'content-security-policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'",
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'cache-control': 'no-store',
};

const ORDERS = '/shop/orders/';

/** Whether the path belongs to the phone page (`/`, or one of its files) or to the shop's order page. */
export function isPagePath(path: string): boolean {
	return path === '/' || path.startsWith(ORDERS) || path.startsWith(PREFIX);
}

/** Serves both pages and their files, with headers that block other sites. */
export async function answerPage(method: string, path: string): Promise<Answer> {
	const name = path === '/' ? 'index.html' : path.startsWith(ORDERS) ? 'order.html' : path.slice(PREFIX.length);
	const type = TYPES[extname(name)];
	// Only opens files listed in the folder.
	if (!['GET', 'HEAD'].includes(method) || !type || !(await readdir(FOLDER)).includes(name)) return json(404, { error: `There is no ${method} ${path}.` });
	return { status: 200, headers: { ...HEADERS, 'content-type': type }, body: await readFile(join(FOLDER, name), 'utf8') };
}
