/** Random faults between node and channel. */
import fc from 'fast-check';
import type { Fault, Stops } from '../faults.mts';
import { TOKEN } from './setting.mts';

type Refusal = Extract<Fault, { kind: 'refused' }>;
type Throttling = Extract<Fault, { kind: 'throttled' }>;

const WORDS = TOKEN;

/** How the service wraps an error: text, Graph object, plain body, or inside a 200 (1msg-contract-2.md, section 6.1). */
type Wrapping = 'error' | 'message' | 'graph' | 'refused200' | 'textSent' | 'response' | 'list' | 'plain';

const wrappings = fc.constantFrom<Wrapping>('error', 'message', 'graph', 'refused200', 'textSent', 'response', 'list', 'plain');

function wrap(wrapping: Wrapping, status: number, code: number | null, text: string): Pick<Refusal, 'status' | 'body'> {
	const graph = { message: text, type: 'OAuthException', ...(code !== null && { code, error_data: { details: text } }), fbtrace_id: 'A1' };
	const said = code === null ? text : `(#${code}) ${text}`;
	switch (wrapping) {
		case 'error':
			return { status, body: JSON.stringify({ error: said }) };
		case 'message':
			return { status, body: JSON.stringify({ message: said }) };
		case 'graph':
			return { status, body: JSON.stringify({ error: graph }) };
		case 'refused200':
			return { status: 200, body: JSON.stringify({ sent: false, message: said }) };
		case 'textSent':
			return { status: 200, body: JSON.stringify({ sent: 'false', error: graph }) };
		case 'response':
			return { status: 200, body: JSON.stringify({ sent: false, response: { error: graph } }) };
		case 'list':
			return { status, body: JSON.stringify({ errors: [graph] }) };
		default:
			return { status, body: said };
	}
}

/** Refusals of one message that say nothing about others, with words of other failures inside longer words. */
const oneMessage: fc.Arbitrary<Refusal> = fc
	.record({
		wrapping: wrappings,
		status: fc.constantFrom(400, 422, 409, 406),
		words: fc.constantFrom<Array<[number | null, string]>>(
			[null, 'Value "Industrial shelf" was not taken'],
			[null, 'The text "Terrestrial globe" is not allowed here'],
			[null, 'wrong file'],
			[null, 'The product "Ineligibility board game" has a bad name'],
			[131026, 'Message undeliverable'],
			[131008, 'Required parameter is missing'],
			[131009, 'Parameter value is not valid'],
			[131021, 'Recipient cannot be sender'],
			[131049, 'This message was not delivered to maintain healthy ecosystem engagement.'],
			[131050, 'User has stopped receipt of marketing messages'],
			[132005, 'Translated text too long'],
			[132018, 'Template parameters must not have new-line or tab characters'],
			[100, 'Invalid parameter'],
			[130497, 'Business account is restricted from messaging users in this country'],
			[null, 'Username is not found'],
			[null, ''],
		),
	})
	.map(({ wrapping, status, words: [code, text] }) => ({ kind: 'refused', ...wrap(wrapping, status, code, text), stops: 'nobody' }));

/** A refusal that includes job number 0. */
const noJob: fc.Arbitrary<Refusal> = fc
	.constantFrom<unknown[]>(0, '', null, false)
	.map((jobId) => ({ kind: 'refused', status: 200, body: JSON.stringify({ sent: false, jobId, message: 'The number is not valid' }), stops: 'nobody' }));

/** Channel-wide refusals: by number, by status, or by an unambiguous phrase. */
const everybody: fc.Arbitrary<Refusal> = fc.oneof(
	fc
		.record({
			wrapping: wrappings,
			words: fc.constantFrom<Array<[number, string, Stops]>>(
				[131031, 'Account has been locked', 'channel'],
				[368, 'Temporarily blocked for policies violations', 'channel'],
				[131042, 'Business eligibility payment issue', 'channel'],
				[133010, 'Phone number not registered', 'channel'],
				[131048, 'Spam rate limit hit', 'channel'],
				[190, 'Access token has expired', 'channel'],
				[10, 'Permission denied', 'channel'],
				[131037, 'Display name not approved', 'channel'],
				[132015, 'Template is paused', 'template'],
				[132016, 'Template is disabled', 'template'],
				[132001, 'Template name does not exist in the translation', 'template'],
			),
		})
		.map(({ wrapping, words: [code, text, stops] }): Refusal => ({ kind: 'refused', ...wrap(wrapping, 400, code, text), stops })),
	fc.constantFrom<Refusal[]>(
		{ kind: 'refused', status: 401, body: JSON.stringify({ error: `Wrong token "${WORDS}" for channel "ABC123456789". Please provide token as a GET parameter.` }), stops: 'channel' },
		{ kind: 'refused', status: 403, body: 'Your trial has ended', stops: 'channel' },
		{ kind: 'refused', status: 403, body: `access denied for ${WORDS}`, stops: 'channel' },
		{ kind: 'refused', status: 402, body: JSON.stringify({ error: 'Payment required' }), stops: 'channel' },
		{ kind: 'refused', status: 404, body: JSON.stringify({ message: 'no such channel' }), stops: 'channel' },
		{ kind: 'refused', status: 407, body: '<html>Proxy Authentication Required</html>', stops: 'channel' },
		{ kind: 'refused', status: 400, body: JSON.stringify({ message: 'template is not defined' }), stops: 'may' },
		{ kind: 'refused', status: 302, body: '', headers: { location: `https://elsewhere.example/login?token=${WORDS}` }, stops: 'channel' },
		{ kind: 'refused', status: 307, body: '', headers: { location: 'https://elsewhere.example/sendTemplate' }, stops: 'channel' },
	),
);

/** From some send on, the channel refuses everything. */
export const everyone: fc.Arbitrary<{ from: number; fault: Refusal }> = fc.record({
	from: fc.integer({ min: 0, max: 8 }),
	fault: fc
		.record({
			status: fc.constantFrom(401, 402, 403, 404, 407),
			body: fc.constantFrom('', 'no', '<html><body>Nope</body></html>', JSON.stringify({ error: 'no' }), JSON.stringify({ message: `no for ${WORDS}` })),
		})
		.map((said): Refusal => ({ kind: 'refused', ...said, stops: 'channel' })),
});

/** Rate limit refusals: the channel's, or one customer's. */
export const throttlings: fc.Arbitrary<Throttling> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc
			.record({
				after: fc.constantFrom(undefined, '0', '1', '3', '-1', 'soon', 'Sun, 22 Nov 2026 18:00:05 GMT'),
				body: fc.constantFrom('', 'Too Many Requests', JSON.stringify({ error: 'too many requests' }), JSON.stringify({ sent: false, message: 'rate limit' })),
			})
			.map(({ after, body }): Throttling => ({ kind: 'throttled', status: 429, body, ...(after !== undefined && { headers: { 'retry-after': after } }) })),
	},
	{
		weight: 1,
		arbitrary: fc
			.record({ wrapping: wrappings, words: fc.constantFrom<Array<[number, string]>>([130429, 'Rate limit hit'], [131056, 'Pair rate limit hit'], [80007, 'Rate limit issues'], [4, 'Too many calls']) })
			.map(({ wrapping, words: [code, text] }): Throttling => ({ kind: 'throttled', ...wrap(wrapping, 400, code, text) })),
	},
);

const NONSENSE_BODIES = [
	'', ' ', 'null', '[]', '{}', '"ok"', '42', 'true', '<html><body>It works!</body></html>', '{"sent":true,"id":"wamid.', '{"sent":null}', '{"sent":"maybe","id":"wamid.X"}', '{"ok":true}', '{"result":"success"}',
	JSON.stringify({ message: `hello ${WORDS}` }),
];

const taken = fc.boolean();

const unreached = fc.constantFrom('ECONNREFUSED' as const, 'ENOTFOUND' as const, 'EHOSTUNREACH' as const).map((code): Fault => ({ kind: 'unreached', code }));

/** Afterwards, it is unknown whether the message was accepted. */
const ambiguous: fc.Arbitrary<Fault> = fc.oneof(
	taken.map((isTaken): Fault => ({ kind: 'cut', taken: isTaken })),
	fc.record({ kind: fc.constant('half' as const), status: fc.constantFrom(200, 400, 500), taken }),
	taken.map((isTaken): Fault => ({ kind: 'silence', taken: isTaken })),
	fc.constantFrom(500, 2000, 8000, 31_000, 120_000).map((after): Fault => ({ kind: 'late', after })),
	fc.record({ kind: fc.constant('nonsense' as const), status: fc.constantFrom(200, 200, 200, 201, 204, 500, 502, 503, 504, 520), body: fc.constantFrom(...NONSENSE_BODIES), taken }),
);

const good: fc.Arbitrary<Fault> = fc.oneof(
	fc.constant<Fault>({ kind: 'noId' }),
	fc.constantFrom<Fault[]>(
		{ kind: 'saidOtherwise', status: 200, body: { sent: 'true' } },
		{ kind: 'saidOtherwise', status: 202, body: { mmLiteFallback: true } },
		{ kind: 'saidOtherwise', status: 201, body: { message: 'Industrial trial, wrong token', jobId: '77' } },
	),
	fc.constantFrom<Fault[]>(
		{ kind: 'queued', status: 200, body: { sent: false, jobId: '8812', message: 'queued' } },
		{ kind: 'queued', status: 202, body: { jobId: 8813 } },
		{ kind: 'queued', status: 200, body: { jobId: 'a-b', message: 'rate limit' } },
	),
);

/** Fault of a send. */
export const sendFaults: fc.Arbitrary<Fault> = fc.oneof(
	{ weight: 3, arbitrary: good },
	{ weight: 4, arbitrary: oneMessage },
	{ weight: 1, arbitrary: noJob },
	{ weight: 2, arbitrary: everybody },
	{ weight: 3, arbitrary: throttlings },
	{ weight: 2, arbitrary: unreached },
	{ weight: 6, arbitrary: ambiguous },
);

/** Fault of a query: templates, statuses or history. */
export const questionFaults: fc.Arbitrary<Fault> = fc.oneof(
	{ weight: 2, arbitrary: fc.constantFrom(1000, 4000, 28_000, 60_000).map((after): Fault => ({ kind: 'late', after })) },
	{ weight: 1, arbitrary: ambiguous },
	{ weight: 1, arbitrary: unreached },
	{ weight: 1, arbitrary: throttlings },
	{ weight: 1, arbitrary: fc.constantFrom(404, 403, 400).map((status): Fault => ({ kind: 'refused', status, body: JSON.stringify({ message: 'no such method' }), stops: 'may' })) },
	{ weight: 1, arbitrary: fc.constantFrom('{"hooks":null}', '{"notice":"history is off"}', '{"templates":null}', '{"error":{"message":"none"}}').map((body): Fault => ({ kind: 'nonsense', status: 200, body, taken: false })) },
);
