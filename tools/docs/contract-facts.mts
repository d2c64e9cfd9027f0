/** How sure a fact is, from surest to least. */
export type Evidence =
	/** Stated in the specification that the package was built to. */
	| 'specification'
	/** Captured on channels in use. */
	| 'real traffic'
	/** A document or client program of 1MSG says or implies it. */
	| 'vendor document'
	/** Meta documents it, and 1MSG is taken to pass it on. */
	| 'WhatsApp document'
	/** Follows from other facts, or from what senders of other providers report. */
	| 'inferred'
	/** The sources are silent, or contradict each other. */
	| 'unknown';

/** A fact of 1MSG's contract that the package relies on. */
export interface Fact {
	fact: string;
	/** Several if sources of different kinds agree on it or on parts of it. */
	evidence: readonly Evidence[];
	/** Where it comes from. */
	source: string;
	/** Tests that hold what the package makes of it, by file and the title as the file has it. */
	tests: ReadonlyArray<{ file: string; title: string }>;
	/** What the package does if the fact is wrong. */
	ifWrong: string;
}

const api = (section: string) => `1msg-api.md, ${section}`;
const contract = (section: string) => `1msg-contract-2.md, ${section}`;
const engine = (name: string, title: string) => ({ file: `test/engine/${name}.test.cts`, title });
const unit = (name: string, title: string) => ({ file: `test/unit/${name}.test.cts`, title });
const sandbox = (name: string, title: string) => ({ file: `test/sandbox/${name}.test.cts`, title });

/** The facts by subject, in the order of docs/contract.md. */
export const FACTS: ReadonlyArray<{ subject: string; facts: readonly Fact[] }> = [
	{
		subject: 'Authentication and requests',
		facts: [
			{
				fact: 'The token is taken from `Authorization: Bearer`. A `token` in the JSON body or in the query beats it.',
				evidence: ['specification', 'vendor document'],
				source: contract('1.1'),
				tests: [unit('signRequest', 'travels once, in the header, whatever login the request brought'), sandbox('token', 'is looked for in body, query and header: the first one found decides, even if wrong')],
				ifWrong: 'The channel answers 401: `token-rejected`, and the rest of the batch is not attempted. No body of the package has a field named `token`, so no value of a user can become one.',
			},
			{
				fact: 'A rejected token is a 401, and its text may repeat the token.',
				evidence: ['vendor document'],
				source: api('section 1'),
				tests: [engine('service-answers', 'a 401 that echoes the token reaches nobody with it, and is sent once'), unit('outcome', 'a token never survives, wherever it stands')],
				ifWrong: 'Any other 4xx is a refusal in the words of the service; the token is masked in every answer, whatever its status.',
			},
			{
				fact: 'The channel never redirects.',
				evidence: ['inferred'],
				source: api('section 1'),
				tests: [engine('service-answers', '%s is recognised'), engine('http-request', 'follows no redirect, by %d, to whatever origin')],
				ifWrong: 'No redirect is followed: error `redirected`. The token does not leave for another address.',
			},
		],
	},
	{
		subject: 'Sending a template',
		facts: [
			{
				fact: '`POST /sendTemplate` takes `phone`, `template`, `namespace`, `language {policy, code}` and `params`.',
				evidence: ['specification', 'vendor document'],
				source: api('"mission"'),
				tests: [engine('send-stock-arrival', "the request is the mission's example, field by field, and nothing more"), engine('mission-example', "the mission's Node.js example and the node make the same request, and the service sees the same message")],
				ifWrong: 'The channel refuses in words, which the error repeats. Nothing counts as sent.',
			},
			{
				fact: 'Without a namespace the channel refuses with 422. The list of templates says which it is.',
				evidence: ['specification'],
				source: contract('section 7, 18'),
				tests: [engine('send-stock-arrival', 'the list is read in every shape: bare array, string components, upper case, other namespace fields'), sandbox('validation', 'answers 422 without namespace')],
				ifWrong: 'A namespace that nobody asks for does no harm. A list without one gives `namespace-missing` before anything is sent; the option Namespace sets it.',
			},
			{
				fact: 'Header, body, buttons and cards are passed on in the form of the Cloud API.',
				evidence: ['real traffic', 'WhatsApp document'],
				source: api('section 2.2'),
				tests: [engine('send-template', '%s is taken by a channel that checks it as WhatsApp does, and its text is returned'), unit('template-request', 'every template the form can show produces the request its definition asks for')],
				ifWrong: 'WhatsApp refuses the form (132000, 132012, 131008, 100): an error of the item with what to check, never a message with a wrong text.',
			},
			{
				fact: 'A header takes a media ID (`id`) in place of a link.',
				evidence: ['vendor document', 'WhatsApp document'],
				source: api('section 2.2'),
				tests: [engine('send-template', '%s is the picture of a header'), engine('send-template', 'a card takes a media ID beside another with a link')],
				ifWrong: 'The channel refuses, or the message fails with a media error (131052, 131053): give a link.',
			},
			{
				fact: 'A product header is `{type: "product", product: {product_retailer_id, catalog_id}}`.',
				evidence: ['WhatsApp document'],
				source: "Meta's product card carousel templates; no 1MSG document shows one",
				tests: [engine('send-template', 'the cards of a carousel show products of a catalog')],
				ifWrong: 'The channel or WhatsApp refuses it: an error of the item.',
			},
			{
				fact: "A one-time password goes into the body's {{1}} and into the button, also where the list leaves the body's text out.",
				evidence: ['WhatsApp document', 'inferred'],
				source: api('section 2.2'),
				tests: [engine('send-template', 'a one-time password whose text the list leaves out is sent with its code in text and button: %j')],
				ifWrong: 'WhatsApp refuses the count of variables (132000): an error of the item.',
			},
			{
				fact: '`useMMlite` decides for Marketing templates; without it the channel does, for those of unknown category too, and may fall back to the usual way (`mmLiteFallback`).',
				evidence: ['vendor document'],
				source: contract('1.2'),
				tests: [engine('send-template', 'Use Marketing Messages %s says so to the channel'), engine('send-template', 'with the options %j the channel decides')],
				ifWrong: 'The field is absent unless somebody sets the option. What the answer says of a fallback is ignored, and kept in `response` with Simplify off.',
			},
			{
				fact: '`quotedMsgId` quotes a message; it begins with `wamid.`.',
				evidence: ['vendor document'],
				source: contract('1.2, 2.1'),
				tests: [engine('send-template', 'a template answers the message that it quotes'), engine('send-text', 'a text answers the message that it quotes, and none where the option is empty'), engine('bad-input', '%s: nothing is sent, and the error says what to do')],
				ifWrong: 'IDs of another form are refused before sending (`invalid-option`). A channel that ignores the field sends the message without the quotation.',
			},
			{
				fact: 'There is no idempotency key.',
				evidence: ['vendor document'],
				source: api('section 2.1'),
				tests: [engine('never-twice', 'what was unknown stays unknown, and is not sent again'), engine('never-twice', 'the same message is not sent again by a later execution, and another one is')],
				ifWrong: 'Nothing breaks: a send whose answer was lost is not repeated, so it needs none.',
			},
		],
	},
	{
		subject: 'The answer to a send',
		facts: [
			{
				fact: 'Accepted is a 2xx with `sent: true`; `id` is the message.',
				evidence: ['specification', 'real traffic'],
				source: api('"mission" and section 2.4'),
				tests: [unit('outcome', 'any answer gives one of four outcomes, and accepted only for a 2xx with sent: true')],
				ifWrong: 'Any other 2xx is `queued`, a refusal or `unknown`, never `accepted`.',
			},
			{
				fact: 'An answer is decided in the order accepted, queued, refused, unknown.',
				evidence: ['inferred'],
				source: api('section 2.4'),
				tests: [unit('outcome', 'any answer gives one of four outcomes, and accepted only for a 2xx with sent: true'), engine('service-answers', '%s is an item on the success output that nothing retries')],
				ifWrong: 'Whatever cannot be told for sure is `unknown`, which nothing repeats.',
			},
			{
				fact: 'A `jobId` without `sent: true` is queued, also beside `sent: false`. It is no message ID, and nothing converts it.',
				evidence: ['vendor document', 'inferred'],
				source: contract('1.2; section 7, 1'),
				tests: [engine('service-answers', '%s is an item on the success output that nothing retries'), engine('never-pretended', 'a job ID %j beside a refusal is none')],
				ifWrong: 'A refusal with a job ID would be taken for queued: the message is not repeated, and no status ever comes.',
			},
			{
				fact: 'A refusal may be a 200 with `sent: false`, also as the text `"false"`.',
				evidence: ['real traffic', 'vendor document'],
				source: contract('1.2'),
				tests: [engine('service-answers', '%s is an error item with what to do next'), engine('service-answers', '%s is recognised')],
				ifWrong: '4xx answers are refusals anyway.',
			},
			{
				fact: 'A 5xx may come after the message was taken.',
				evidence: ['inferred'],
				source: api('section 2.4'),
				tests: [engine('never-twice', '10 % of 500s: every item is accepted or unknown, nobody gets two')],
				ifWrong: 'The item stays `unknown` though nobody was messaged: look with Find Sent Message.',
			},
			{
				fact: 'Too many requests are a 429, or 130429 and its relatives in a body. No rate, window or `Retry-After` is promised.',
				evidence: ['vendor document', 'unknown'],
				source: api('section 8'),
				tests: [engine('never-twice', 'throttled messages are sent later: none lost, none twice'), engine('refused-for-rate', 'with a Retry-After of %s the message is sent a little later, once')],
				ifWrong: 'A throttle in unknown words is a refusal of its item and slows nothing down. The pace follows whatever limit the refusals show.',
			},
			{
				fact: 'Two messages to one customer within seconds are refused with 131056.',
				evidence: ['WhatsApp document'],
				source: api('section 9'),
				tests: [engine('never-twice', 'after a pair limit, messages to one customer are spaced')],
				ifWrong: 'Nothing is spaced until the first such refusal.',
			},
			{
				fact: "WhatsApp's number and text may stand in `error` (a text or an object), `message`, `response.error`, or in a text alone.",
				evidence: ['real traffic', 'vendor document'],
				source: contract('6.1'),
				tests: [engine('service-answers', '%s is recognised'), unit('failure', '%s: the same from hookInfo, the webhook and a refused send')],
				ifWrong: 'An unknown place gives a code of ours (`refused`, `http-400`) with the words of the service, and is not retried.',
			},
			{
				fact: 'Button mistakes are 131008 (a parameter is missing) and 100 (one too many).',
				evidence: ['WhatsApp document', 'inferred'],
				source: contract('6.2'),
				tests: [unit('failure', '%s is found by its code and explains itself')],
				ifWrong: 'The error has the number that did come, and the words of the service.',
			},
		],
	},
	{
		subject: 'Free text',
		facts: [
			{
				fact: 'Outside the 24 hours a text is refused: `Dialog window is closed`, or 131047.',
				evidence: ['vendor document', 'WhatsApp document'],
				source: contract('section 2'),
				tests: [engine('send-text', 'a closed window is reported, pointing to templates')],
				ifWrong: 'The text is sent in another way, at another price: see the next row.',
			},
			{
				fact: 'A channel may instead send the text inside a paid marketing template. Nothing in its settings says whether it does.',
				evidence: ['vendor document', 'unknown'],
				source: contract('2.1'),
				tests: [engine('send-text', 'a text may be accepted outside the window, and is told as any other')],
				ifWrong: 'Send Text says so in its panel. The package never sends a text in place of a template.',
			},
		],
	},
	{
		subject: 'Recipients and identity',
		facts: [
			{
				fact: '`phone` is digits with the country code, as a text.',
				evidence: ['specification', 'real traffic'],
				source: contract('section 2'),
				tests: [unit('phone', 'any input gives digits valid for WhatsApp, or a problem'), engine('right-person', '%s: international digits without + that are a national number too go to nobody')],
				ifWrong: 'The channel refuses (131009): an error of the item.',
			},
			{
				fact: 'A customer without a phone is reached by their business-scoped user ID in the field `phone`; `chatId: ...@lid` failed in production.',
				evidence: ['real traffic'],
				source: contract('3.2'),
				tests: [engine('no-phone', '%s gets the message, and the item says who it is'), engine('no-phone', 'asks for the chat of a user ID, and takes no other'), sandbox('validation', 'may be %j')],
				ifWrong: 'The channel refuses the recipient: an error of the item. Nobody else is messaged.',
			},
			{
				fact: 'A hidden number shows no digits anywhere: chat ID `...@lid`, `phone` null, absent or the user ID.',
				evidence: ['real traffic', 'inferred'],
				source: contract('3.2'),
				tests: [engine('trigger-inbound', 'two hidden customers in one body keep their own names, and one does not make the other a repeat'), engine('trigger-inbound', 'an echo to a hidden customer names them, not the business')],
				ifWrong: 'Only digits count as a phone; anything else leaves `phone` null.',
			},
			{
				fact: 'A username is 1 to 128 letters, digits, dots, underscores and hyphens, and may change; a user ID changes with the phone only.',
				evidence: ['vendor document', 'WhatsApp document'],
				source: contract('3.1, 3.3'),
				tests: [unit('recipient', '%j is nobody: %s'), engine('no-phone', 'Send Once knows %s as %s, too, and no other'), engine('no-phone', 'to a username stays unknown')],
				ifWrong: 'A username is a key only where neither phone nor user ID is known.',
			},
			{
				fact: "WhatsApp's ID may differ from the number: Brazil's 9, Mexico's 1, Argentina's 9.",
				evidence: ['inferred'],
				source: contract('section 4'),
				tests: [engine('right-person', '%s: %s can be answered, and is the same customer'), engine('right-person', 'a message to %s is found in the chat that WhatsApp keeps as %s'), engine('right-person', 'Send Once knows both names of one phone')],
				ifWrong: '`contactKey` only compares and is never an address. Two rows of one customer would not be joined, or an Argentine landline would share the key of the mobile with the same ten digits.',
			},
			{
				fact: "A recipient's `521...` is not sendable; without the 1 it is.",
				evidence: ['inferred'],
				source: contract('section 4'),
				tests: [engine('right-person', '%s: %s can be answered, and is the same customer')],
				ifWrong: 'The channel refuses (131030): an error of the item.',
			},
		],
	},
	{
		subject: 'Statuses and events',
		facts: [
			{
				fact: 'Statuses come as `hooks[]`, as `ack[]`, or in the raw envelope, each alone or together.',
				evidence: ['specification', 'real traffic', 'WhatsApp document'],
				source: api('"mission" and section 6'),
				tests: [engine('trigger', 'a hook of the hooks[] form becomes the documented item: %s'), engine('trigger', "Meta's raw envelope is understood"), engine('trigger', 'many entries of all forms in one body are one execution')],
				ifWrong: 'An unknown form is answered 200, starts nothing, and is counted in a line of the log. Get Message Status still asks.',
			},
			{
				fact: 'They come in any order, twice, or not at all; `viewed` and `played` mean read, `undelivered` means failed.',
				evidence: ['specification', 'vendor document'],
				source: api('section 6'),
				tests: [unit('events', 'reports give the same status in any order, with repeats, and the highest rank wins'), engine('message-status', 'the word %s means %s')],
				ifWrong: 'An unknown word is no status; the highest known rank stays.',
			},
			{
				fact: 'A failed `ack[]` has its reason as a text, without a number and without a time.',
				evidence: ['real traffic'],
				source: api('section 6.2'),
				tests: [engine('trigger', 'a failed ack with only a text is explained'), engine('trigger-confirm', 'a failure in text form gets its code')],
				ifWrong: 'Objects and numbers are read as well; an unknown text is passed on as it is.',
			},
			{
				fact: '`hookInfo` answers with the reports of one message; a channel may not have it.',
				evidence: ['specification', 'unknown'],
				source: contract('1.8'),
				tests: [engine('message-status', '%s is noReport'), engine('message-status', '%s is an error of its item')],
				ifWrong: '404, or an answer of another form, is `status-unavailable`, never a status. Confirm With API passes the event on as not confirmed.',
			},
			{
				fact: 'A hook is not signed; a query string in its URL survives.',
				evidence: ['real traffic'],
				source: api('section 6'),
				tests: [engine('trigger', 'a call with %s is answered 401 and starts nothing'), engine('trigger', "another channel's hook starts nothing")],
				ifWrong: 'Hooks without the secret are answered 401: no event is heard, and Get Webhooks shows the URL as failing.',
			},
			{
				fact: 'What customers and the business write comes as `messages[]`, told apart by `fromMe` or `self`, or in the raw envelope as `messages` and `message_echoes`.',
				evidence: ['real traffic', 'WhatsApp document'],
				source: api('section 6.1'),
				tests: [engine('trigger-inbound', 'what the business wrote is an echo, with the customer as its phone: %s'), engine('trigger', "a customer's message and our own echo are told apart")],
				ifWrong: 'An entry of unknown form is counted in the log, and answered 200.',
			},
		],
	},
	{
		subject: 'Webhooks',
		facts: [
			{
				fact: '`GET /webhook` gives `webhookUrl` as a text, an array, null, or not at all.',
				evidence: ['vendor document'],
				source: contract('1.3'),
				tests: [unit('channel', 'webhook lists are read in every form, and endpoints compared by origin and path'), unit('webhookList', 'an answer without a list is rejected')],
				ifWrong: 'An answer that is no list is `webhook-list-unreadable`, and nothing is written: writing back an empty list would remove the URLs of others.',
			},
			{
				fact: '`POST /webhook` replaces the whole list: at most five URLs, none is refused. Only `POST /settings` clears it.',
				evidence: ['vendor document'],
				source: contract('1.4'),
				tests: [engine('trigger', 'activation adds one URL with a secret, beside the ones of others, and switches status events on'), engine('trigger', 'ours being the only URL, deactivation clears the list'), engine('trigger', 'with five other URLs ours is refused, naming them, and nothing is changed')],
				ifWrong: 'The list is read back after each write. If it is not as written, it is written once more; then activation fails in words.',
			},
			{
				fact: '`set` in its answer means that the list matches; in older versions, that the request changed something.',
				evidence: ['vendor document', 'unknown'],
				source: contract('1.4'),
				tests: [engine('trigger-registration', 'its writing takes ours away before we read back: written once more, with its new URL kept')],
				ifWrong: 'Nothing is decided by it: the list is read back.',
			},
			{
				fact: 'A URL that fails is `degraded`, `open`, `half_open`, then `disabled`; `webhookStatuses` says so per URL, in older versions as a map or booleans.',
				evidence: ['vendor document'],
				source: contract('1.3, 1.6'),
				tests: [engine('channel-webhooks', 'a disabled URL is found in states told as %s'), engine('channel-webhooks', 'the states of contract 2.0 are told for each URL: since when, why, and what to do'), unit('webhookList', 'is never healthy while ours is down in its row, whatever stands around it'), unit('webhookList', '%s is unknown, and kept as its word')],
				ifWrong: 'A state in unknown words is shown as it is, and `isDisabled` is null. An unknown state of ours is not healthy, and *Repair Webhooks* submits the list.',
			},
			{
				fact: 'Submitting the full list to `POST /webhook` enables disabled URLs again.',
				evidence: ['vendor document'],
				source: contract('1.5'),
				tests: [engine('channel-webhooks', 'disabled URLs are enabled by the same list, and nothing else is touched'), engine('channel-webhooks', 'a URL that 1MSG keeps disabled is named, after two submissions')],
				ifWrong: 'Repair Webhooks names the URLs that stay disabled.',
			},
			{
				fact: 'Every answer but a prompt 2xx counts as a failure of the URL; after how many it opens is not published.',
				evidence: ['inferred', 'unknown'],
				source: contract('1.6; section 7, 4'),
				tests: [engine('trigger-respond', 'by default 1MSG gets its 200 at once, whatever becomes of the run'), engine('trigger', '%s is answered 200, starts nothing and breaks nothing')],
				ifWrong: 'Nothing breaks: the trigger answers 200 at once, unless it responds when the workflow has finished.',
			},
			{
				fact: 'Statuses are posted only while `ackNotificationsOn` is on.',
				evidence: ['vendor document'],
				source: contract('1.5'),
				tests: [engine('channel-webhooks', 'status events that are off are a problem of the channel'), engine('trigger-registration', 'a channel without %s /settings can be listened to')],
				ifWrong: 'Activation switches it on; a channel without the setting is listened to as it is.',
			},
		],
	},
	{
		subject: 'Templates, history and the channel',
		facts: [
			{
				fact: '`GET /templates` pages by `limit` and `offset`; some channels ignore `offset`.',
				evidence: ['vendor document'],
				source: api('section 3'),
				tests: [engine('template-choice', 'is complete in spite of %s')],
				ifWrong: 'Reading ends with a page that adds nothing.',
			},
			{
				fact: '`status` and part types come in any case, components as a list or as JSON text, the namespace under several names.',
				evidence: ['vendor document'],
				source: api('section 3'),
				tests: [engine('template-choice', 'is complete in spite of %s'), sandbox('templates', 'has every quirk of a real one')],
				ifWrong: 'A template that cannot be read is not sendable (`template-unreadable`, `template-not-supported`); the others are.',
			},
			{
				fact: 'An approved template of the list can be sent as the list describes it.',
				evidence: ['inferred'],
				source: api('section 3'),
				tests: [engine('send-template', 'a template deleted between choosing and sending is refused by the service, in words')],
				ifWrong: 'WhatsApp refuses (132000, 132001, 132012): an error of the item; a paused or disabled template ends the batch for this template only.',
			},
			{
				fact: '`GET /messages` searches a chat by `chatId`, `limit` and `min_time`; the order of its rows is not promised.',
				evidence: ['vendor document', 'inferred'],
				source: contract('1.7'),
				tests: [engine('never-twice', 'finds the ID of a send whose answer was lost'), engine('never-twice', 'finds nothing where nothing was sent, and nothing before Since')],
				ifWrong: 'A bound that the channel ignores is applied again here, and rows are sorted by time. Each question asks for a hundred rows; in a chat with more since then a message may be missed. One that is not found stays `unknown`.',
			},
			{
				fact: 'A channel that stores no history answers `{notice}`.',
				evidence: ['vendor document'],
				source: contract('1.7'),
				tests: [engine('never-twice', 'a channel without history says so')],
				ifWrong: 'Anything but a list is `history-unavailable`, never "not found".',
			},
			{
				fact: '`GET /status` says `connected` for a channel that can send.',
				evidence: ['vendor document'],
				source: contract('1.8'),
				tests: [engine('channel-status', 'a connected channel says so'), engine('channel-status', '%s is an item, not an error')],
				ifWrong: 'Another word is shown as it is with `isConnected: false`. Sends do not ask for it.',
			},
		],
	},
];
