import { z } from 'zod';
import { looseFlag, looseText } from '../json';
import { quote } from '../redact';
import { unixTime } from '../time';
import { masked, readWebhookEntries } from './list';

/** The state of 1MSG's circuit breaker for one URL (1msg-contract-2.md, section 1.6); `unknown` if it reports none, or in a word nobody knows. */
export type WebhookState = 'ok' | 'degraded' | 'open' | 'half_open' | 'disabled' | 'unknown';

/** One registered URL with its state as the service reports it. */
export interface Webhook {
	url: string;
	state: WebhookState;
	/** The service's word for an `unknown` state, safe to display; null if it reports none. */
	word: string | null;
	/** ISO time since when it is disabled, or since when calls fail; null if not reported, or if there is nothing wrong. */
	since: string | null;
	/** The service's code of the last failure, such as `http_404`, safe to display; null as `since`. */
	reason: string | null;
}

/** A channel's webhooks with their states. */
export interface ReportedWebhooks {
	webhooks: Webhook[];
	/** Whether the answer says that a URL is down without a row that says which of the listed ones. */
	isUnnamedDown: boolean;
}

/** Whether the service skips calls to a URL in this state. */
export function isDown(state: WebhookState): boolean {
	return state === 'disabled' || state === 'open' || state === 'half_open';
}

/** Whether it is down, or the answer leaves room for it. A service that reports no states at all leaves none. */
export function mayBeDown({ state, word }: Webhook, isUnnamedDown: boolean): boolean {
	return isDown(state) || (state === 'unknown' && (word !== null || isUnnamedDown));
}

type Told = Omit<Webhook, 'url'>;
type ToldOf = Told & { url: string };

const NOTHING: Told = { state: 'unknown', word: null, since: null, reason: null };

/** Characters of the service's own words that are shown. */
const MAX_SHOWN = 100;

/** From worst to best: of several reports about one URL, the worst counts. */
const STATES: readonly string[] = ['disabled', 'open', 'half_open', 'degraded', 'ok'] satisfies WebhookState[];

/** Older words, from before contract 2.0. */
const DISABLED = /disab|inactive|deactiv|suspend|block|stopped|failed|paused|^(off|no|false)$/;
const ENABLED = /^(enabled|active|activated|working|connected|on|yes|true)$/;

const word = z.union([z.boolean(), z.number(), z.string()]).transform((value) => {
	if (typeof value === 'string') return value.trim().toLowerCase().replace(/[\s-]+/g, '_');
	return value ? 'enabled' : 'disabled';
});
const olderField = word.nullish().catch(null);
const opposite = z.boolean().transform((value) => (value ? 'disabled' : 'enabled')).nullish().catch(null);

/** What the answer, its rows and its disabled URLs say in the same fields. */
const circuit = { circuitState: word.nullish().catch('unreadable'), reason: looseText, disabledAt: unixTime, firstFailAt: unixTime };

const row = z.object({
	...circuit,
	url: looseText,
	webhookUrl: looseText,
	status: olderField,
	state: olderField,
	enabled: olderField,
	active: olderField,
	isActive: olderField,
	disabled: opposite,
	isDisabled: opposite,
});

/** A row of contract 2.0, an older one, or a mere state. */
const entry = z
	.union([
		word.transform((state) => ({ url: '', ...told(state) })),
		row.transform((fields) => {
			const { url, webhookUrl, circuitState, status, state, enabled, active, isActive, disabled, isDisabled } = fields;
			return { url: url || webhookUrl, ...told(circuitState || status || state || enabled || active || isActive || disabled || isDisabled, fields) };
		}),
	])
	.catch({ url: '', ...NOTHING });

/** A URL, or a row about it: being listed among the disabled ones is its state. */
const disabledEntry = z
	.union([
		z.string().transform((url) => ({ url, ...told('disabled') })),
		row.transform((fields) => ({ url: fields.url || fields.webhookUrl, ...told('disabled', fields) })),
	])
	.catch({ url: '', ...NOTHING });

const statesAnswer = z.object({
	webhookStatuses: z.union([z.array(entry), z.record(entry)]).nullish().catch(null),
	disabledWebhooks: z.union([z.array(disabledEntry), disabledEntry.transform((only) => [only])]).nullish().catch(null),
	haveDisabledWebhooks: looseFlag,
	...circuit,
});

/**
 * The URLs in an answer of `GET /webhook`, including duplicates, with their states; undefined if it holds no list.
 * Read in the order of 1msg-contract-2.md, section 1.3: the URL's own row, the list of disabled URLs, for a single URL
 * the summary. Its words are shown without `secrets`. The older forms (a map by URL, words parallel to the URLs) are read in place of rows (1msg-api.md, section 5).
 */
export function readWebhooks(json: unknown, secrets: readonly string[] = []): ReportedWebhooks | undefined {
	const urls = readWebhookEntries(json);
	const answer = statesAnswer.safeParse(json).data;
	if (!urls || !answer) return undefined;
	const given = answer.webhookStatuses ?? [];
	const rows = Array.isArray(given) ? given.map((one, index) => ({ ...one, url: one.url || (urls[index] ?? '') })) : Object.entries(given).map(([url, one]) => ({ ...one, url }));
	const disabled = (answer.disabledWebhooks ?? []).filter(({ url }) => url !== '');
	const listed = new Set(urls.map(plain));
	// With several URLs the summary is about one of them, and does not say which.
	const summary = told(answer.circuitState, answer);
	const shown = (text: string | null) => text && masked(quote(text, secrets)).slice(0, MAX_SHOWN);
	const webhooks = urls.map((url) => {
		const own = reportOn(url, rows);
		const found = [own, reportOn(url, disabled), listed.size === 1 ? summary : NOTHING].find(({ state }) => state !== 'unknown') ?? own;
		return { url, state: found.state, word: shown(found.word), since: found.since, reason: shown(found.reason) };
	});
	const isUnlistedDown = [...rows, ...disabled].some(({ url, state }) => isDown(state) && !listed.has(plain(url)));
	const isDisabledSomewhere = answer.haveDisabledWebhooks && !webhooks.some(({ state }) => state === 'disabled');
	const isDownSomewhere = isDown(summary.state) && !webhooks.some(({ state }) => isDown(state));
	return { webhooks, isUnnamedDown: isUnlistedDown || isDisabledSomewhere || isDownSomewhere };
}

/** The worst report about a URL. */
function reportOn(url: string, reports: readonly ToldOf[]): Told {
	const own = reports.filter((report) => plain(report.url) === plain(url));
	const known = STATES.flatMap((state) => own.filter((report) => report.state === state));
	return known[0] ?? own.find(({ word }) => word !== null) ?? NOTHING;
}

/** Reads a state's word and what comes with it. */
function told(given: string | null | undefined, fields: { reason: string; disabledAt: string | null; firstFailAt: string | null } = { reason: '', disabledAt: null, firstFailAt: null }): Told {
	const state = stateOf(given ?? '');
	if (state === 'unknown') return { ...NOTHING, word: given || null };
	if (state === 'ok') return { ...NOTHING, state };
	return { state, word: null, since: state === 'disabled' ? fields.disabledAt : fields.firstFailAt, reason: fields.reason || null };
}

function stateOf(given: string): WebhookState {
	if (STATES.includes(given)) return given as WebhookState;
	if (ENABLED.test(given)) return 'ok';
	return DISABLED.test(given) ? 'disabled' : 'unknown';
}

/** Normalises surrounding spaces and one trailing slash. */
function plain(url: string): string {
	return url.trim().replace(/\/$/, '');
}
