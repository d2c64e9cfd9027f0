import { z } from 'zod';
import { isLoopback } from './webhook-list.mts';

const ms = (fallback: number, meaning: string) => z.number().int().min(0).default(fallback).describe(meaning);
const flag = (fallback: boolean, meaning: string) => z.boolean().default(fallback).describe(meaning);

const isWebUrl = (url: string) => /^https?:$/.test(URL.parse(url)?.protocol ?? '');
/** A URL that the sandbox calls: it must not reach other servers. */
const ownUrl = (meaning: string) => z.string().refine((url) => isWebUrl(url) && isLoopback(url), 'must be a URL on this machine, such as http://127.0.0.1:5678/webhook/x').nullable().default(null).describe(meaning);
const header = (meaning: string) =>
	z
		.object({ name: z.string().regex(/^[A-Za-z0-9-]+$/, 'must be letters, digits and dashes'), value: z.string().regex(/^[ -~]+$/, 'must be printable ASCII') })
		.strict()
		.nullable()
		.default(null)
		.describe(meaning);

const schema = z
	.object({
		latencyMs: ms(0, 'latency of every answer'),
		sentAfterMs: ms(300, 'status sent, after acceptance'),
		deliveredAfterMs: ms(1200, 'status delivered (or failed), after acceptance'),
		readAfterMs: ms(2500, 'status read, after acceptance'),
		statusJitterMs: ms(0, "how much later a message's statuses may come, all by the same time, at random"),
		autoRead: flag(false, 'customers read what they get'),
		skipDelivered: flag(false, 'no delivered status'),
		duplicateStatuses: flag(false, 'every status hook goes out twice'),
		reorderStatuses: flag(false, 'status hooks go out in reverse order'),
		legacyViewed: flag(false, 'read is called viewed'),
		windowMs: ms(86_400_000, 'how long an inbound message allows free text'),

		shopName: z.string().trim().min(1).max(60).default('Your shop').describe("the shop's name on the customers' phones and on its order page"),
		shopUrl: z.string().refine(isWebUrl, 'must be an http or https URL').default('https://shop.example').describe('buttons that link to this origin open the order page here'),
		confirmUrl: ownUrl('where the order page posts {orderReference}; null = nobody is told'),
		confirmHeader: header('a header of that POST: {name, value}'),
		arrivalUrl: ownUrl('where Stock arrives posts an event; null = no such button'),
		arrivalHeader: header('a header of that POST: {name, value}'),
		arrivalEvents: z.array(z.record(z.unknown())).max(1000).default([]).describe('the events, in turn; none = {}'),

		hookForm: z.enum(['hooks', 'ack', 'both']).default('hooks').describe('form of status hooks while rawHooks is off; both share a POST where hookBatch lets them'),
		rawHooksBeside: flag(false, 'with rawHooks, raw envelopes come beside the other forms, not in their place'),
		rawHooksInstanceId: flag(true, 'raw envelopes carry instanceId at their root'),
		echoHooks: flag(false, 'outgoing messages come back as messages[] hooks'),
		hookBatch: z.number().int().min(1).max(1000).default(1).describe('entries in one POST'),
		hookConcurrency: z.number().int().min(1).max(200).default(20).describe('POSTs in flight per URL'),
		hookRetryMs: ms(1000, 'first pause before a hook is delivered again; doubles each time'),
		hookRetryMaxMs: ms(30_000, 'longest pause before a hook is delivered again'),
		hookTimeoutMs: z.number().int().min(1).default(10_000).describe('a hook unanswered by then has failed'),

		breakerWindowMs: ms(600_000, 'how long a failed hook counts'),
		breakerWarnAt: z.number().int().min(1).default(2).describe('failures within the window that send the warning e-mail'),
		breakerOpenAt: z.number().int().min(0).default(3).describe('failures within the window that open the circuit; 0 = never'),
		breakerProbesMs: z.array(z.number().int().min(0)).min(1).default([900_000, 3_600_000, 21_600_000]).describe('pauses before the first, second ... probe'),
		breakerStickyAfter: z.number().int().min(1).default(3).describe('failed probes that disable a URL'),
		disableAfterFailures: z.number().int().min(0).default(0).describe('older rule: failures in a row that disable a URL; 0 = never'),
		resubmitLifts: z.enum(['disabled', 'all']).default('disabled').describe('states that a submitted list ends: disabled alone, or every one'),
		settingsReEnable: flag(true, 'POST /settings with a list lifts disables, as POST /webhook does'),
		webhookShape: z.enum(['auto', 'array', 'comma']).default('auto').describe('webhookUrl in GET /webhook'),
		emptyWebhookUrl: z.enum(['null', 'text', 'array', 'missing']).default('null').describe('webhookUrl of an empty list in GET /webhook'),
		webhookStatuses: z
			.enum(['circuit', 'disabledOnly', 'summary', 'map', 'booleans', 'array', 'none'])
			.default('circuit')
			.describe('states in GET /webhook and GET /settings: contract 2.0 whole, its disabledWebhooks or its summary alone, or an older form'),
		disabledWebhooks: z.enum(['urls', 'objects']).default('urls').describe('entries of disabledWebhooks'),
		webhookAnswer: z.enum(['matches', 'changed']).default('matches').describe('set of POST /webhook: the list is as requested, or (older) it was changed'),

		userIds: flag(true, 'events carry business-scoped user IDs and usernames'),
		hiddenAckPhone: z.enum(['null', 'absent', 'bsuid']).default('null').describe('phone of ack[] for a customer who hides it'),
		whatsappIds: z.enum(['phone', 'old']).default('phone').describe("customers' IDs: the phone, or as of old accounts (Brazil without the 9, Mexico with the 1)"),
		userIdRouting: flag(true, 'sends to business-scoped user IDs'),
		usernameRouting: flag(true, 'sends to usernames'),
		unknownUsernames: z.enum(['refused', 'accepted']).default('refused').describe('sends to a username that nobody has'),
		lidChatIds: z.enum(['accepted', 'cut']).default('accepted').describe('sends to ...@lid; cut to its digits, they fail'),

		refusalStyle: z
			.enum(['http', '400', '422', 'ok'])
			.default('http')
			.describe('refusals answer 400 (422 for a wrong number of variables), always 400 or 422, or 200 with sent:false'),
		refusalPlace: z
			.enum(['error', 'errorCode', 'userMessage', 'top', 'response', 'errors', 'text', 'jsonInText'])
			.default('error')
			.describe("where a refusal has its code: error.code, error.error_code, error.code beside error_user_msg, code, response.error.code, errors[0].code, or a text"),
		unknownHookInfo: z.enum(['empty', 'missing', 'null', '404']).default('empty').describe('hookInfo of an unknown ID'),
		historyStored: flag(true, 'GET /messages has a history'),
		historyDefault: z.enum(['oldest', 'newest']).default('oldest').describe('GET /messages without last and cursor: the oldest within limit, or the newest'),
		channelStatus: z
			.enum(['connected', 'connecting', 'disconnected', 'uninitialized', 'unregistered'])
			.default('connected')
			.describe('GET /status'),

		healthWarning: z.string().nullable().default(null).describe("GET /status warns that WhatsApp's health check is out of reach"),
		healthWarningKey: z.enum(['health_status_warning', 'healthStatusWarning']).default('health_status_warning').describe('key of that warning'),
		mmLiteAvailable: flag(false, 'marketing templates may go over the Marketing Messages API'),
		mmLiteEnabled: flag(true, 'they do so without useMMlite'),
		directSend: flag(false, 'sendMessage takes category utility and authentication'),
		autoTemplate: flag(false, 'sendMessage outside the window is sent as a marketing template'),
		uploads: z.enum(['accepted', 'wrongFile']).default('accepted').describe('POST /uploadMedia'),

		messagesPerSecond: z.number().positive().nullable().default(null).describe('sends above it are refused; null = no limit'),
		throttledLatencyMs: z.number().int().min(0).nullable().default(null).describe('latency of a throttled send; null = latencyMs'),
		rateLimitStyle: z.enum(['http', 'body']).default('http').describe('429, or 200 with sent:false and code 130429'),
		rateLimitRetryAfter: z.string().nullable().default(null).describe('Retry-After header of a 429'),
		serverErrorShare: z.number().min(0).max(1).default(0).describe('share of sends answered 500, not accepted'),
		serverErrorSeed: z.number().int().default(1).describe('the same seed fails the same sends'),

		addTemplateAnswer: z
			.enum(['response', 'responseError', 'row'])
			.default('response')
			.describe("POST /addTemplate: WhatsApp's answer; its errors too, with 200; or (older) the new row"),
		templateListShape: z.enum(['object', 'array', 'error']).default('object').describe('GET /templates'),
		ignoreOffset: flag(true, 'GET /templates ignores limit and offset'),
		stringComponents: flag(false, 'components are JSON strings'),
		statusCase: z.enum(['asStored', 'lower', 'upper']).default('asStored').describe('status in GET /templates'),
		namespaceField: z
			.enum(['namespace', 'message_template_namespace', 'messageTemplateNamespace', 'none'])
			.default('namespace')
			.describe('where GET /templates puts the namespace'),
	})
	.strict();

/** The sandbox's settings; times in milliseconds. Changed by POST /_sandbox/settings. */
export type Settings = z.infer<typeof schema>;

/** Default settings. */
export function defaultSettings(): Settings {
	return schema.parse({});
}

/** A partial update. Unknown keys and wrong values throw a ZodError. */
export const settingsChanges = schema.partial();

/** Every setting and its description. */
export const settingMeanings: Record<string, string> = Object.fromEntries(
	Object.entries(schema.shape).map(([name, field]) => [name, field.description ?? '']),
);
