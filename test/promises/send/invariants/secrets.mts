/** The token appears nowhere. */
import type { Story } from '../play.mts';
import { TOKEN } from '../setting.mts';
import type { Broken } from '../../world-kind.mts';

export function checkSecrets({ stage, played }: Story): Broken[] {
	const found = played.flatMap(({ execution }) => {
		const { run, tries, plan } = execution;
		const shown = [run?.data.resultData, run?.data.executionData, ...tries.flatMap(({ output, thrown }) => [output, thrown])];
		const where = pathToToken(shown);
		return where === undefined ? [] : [`${plan.name} shows the token at ${where}`];
	});
	const strangers = stage.channel.strangers.filter(({ headers, url, body }) => [...Object.values(headers), url.href, body].some((text) => text.includes(TOKEN)));
	const left = strangers.slice(0, 1).map(({ url }) => `the token went to ${url.origin}`);
	return [...found, ...left].map((what) => ({ invariant: 'secrets', what }));
}

/** Where the token appears in n8n's saved data, or undefined. */
function pathToToken(value: unknown): string | undefined {
	const seen = new Set<object>();
	const visit = (entry: unknown, path: string): string | undefined => {
		if (typeof entry === 'string') return entry.includes(TOKEN) ? path : undefined;
		if (typeof entry !== 'object' || entry === null || seen.has(entry)) return undefined;
		seen.add(entry);
		for (const key of Object.getOwnPropertyNames(entry)) {
			if (key.includes(TOKEN)) return `${path}.${key}`;
			const found = visit((entry as Record<string, unknown>)[key], `${path}.${key}`);
			if (found !== undefined) return found;
		}
		return undefined;
	};
	return visit(value, '');
}
