const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const EXACT = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** Labels of message states. */
export const STATE_WORDS = { accepted: 'Accepted', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Failed' };

/** A formatted phone number: 12025550100 is +1 202 555 0100. Other customer names are unchanged. */
export function phoneWords(phone) {
	const parts = /^(\d{1,5})(\d{3})(\d{3})(\d{4})$/.exec(phone);
	if (parts) return `+${parts.slice(1).join(' ')}`;
	return /^\d+$/.test(phone) ? `+${phone}` : phone;
}

/** What the shop calls a customer: the phone, unless it is hidden behind a username or a user ID. */
export function customerWords({ phone, username, hidesPhone, bsuid }) {
	if (!hidesPhone && phone !== null) return phoneWords(phone);
	return username === null ? (bsuid ?? phone) : `@${username}`;
}

/** How a control call names the customer of a chat: by phone, or by user ID where nobody knows one. */
export function who(key) {
	return /^\d+$/.test(key) ? { phone: key } : { bsuid: key };
}

/** Milliseconds in the largest fitting unit: `15 min`, `6 h`. */
export function durationWords(ms) {
	if (ms >= 3_600_000) return `${Number((ms / 3_600_000).toFixed(1))} h`;
	return ms >= 60_000 ? `${Number((ms / 60_000).toFixed(1))} min` : `${Number((ms / 1000).toFixed(1))} s`;
}

/** Hour and minute, with the day unless today. */
export function timeWords(iso) {
	const date = new Date(iso);
	const clock = whole(CLOCK.format(date));
	return date.toDateString() === new Date().toDateString() ? clock : `${whole(DAY.format(date))}, ${clock}`;
}

/** Prevents line breaks, as between 07:07 and AM. */
function whole(text) {
	return text.replace(/\s/g, '\u00a0');
}

/** Time to the millisecond. */
export function exactTime(iso) {
	return whole(EXACT.format(new Date(iso)));
}

/** `1 message`, `2 messages`. */
export function count(number, one, many = `${one}s`) {
	return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

/** The first letters of a name's first two words. */
export function initials(name) {
	const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
	return words
		.slice(0, 2)
		.map((word) => [...word][0])
		.join('')
		.toUpperCase();
}

/** How n8n answered a POST, and what to do about it. */
export function answerWords({ url, status, error }) {
	if (status === null) return `n8n did not answer: ${error}. Is it running at ${new URL(url).origin}?`;
	if (status >= 200 && status < 300) return `n8n answered ${status}.`;
	if (status === 404) return 'n8n answered 404: it has no such webhook. Publish the workflow (in older n8n: activate it), and compare the path.';
	if (status === 401 || status === 403) return `n8n answered ${status}: the header is missing or wrong. Compare it with the Header Auth credential of the webhook.`;
	return `n8n answered ${status}. The workflow's executions show why.`;
}

/** A failure in one line. */
export function failureWords({ code, title }) {
	return code === null ? title : `${title} (${code})`;
}

/** A failure in full sentences. */
export function failureSentences(failure) {
	return [failureWords(failure), ...(failure.details === failure.title || failure.details === '' ? [] : [failure.details])].map((sentence) => `${sentence.replace(/\.$/, '')}.`).join(' ');
}

/** Indented JSON, or the text if it isn't JSON. */
export function pretty(text) {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
}

/** A webhook's URL with its query values masked: they may be secret. */
export function urlWords(url) {
	const [base, query] = url.split('?');
	return query === undefined ? base : `${base}?${query.replace(/=[^&]*/g, '=***')}`;
}
