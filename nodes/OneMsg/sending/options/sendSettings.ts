import type { IDataObject } from 'n8n-workflow';
import { fieldsOf, parseJson } from '../../../core/json';
import { err, ok, type Result } from '../../../core/problem';
import { isBlank } from '../../../core/value';
import { DEFAULT_RETRY_FOR, invalidOption, readFlag, readNumber, readSimplify, readTimeToLive, readTimeout, shown } from '../../resources/shared/settings';
import { readWaitUntil, type WaitUntil } from '../../querying/waitUntil';

/** How to send one message, from its item's options. */
export interface SendSettings {
	dryRun: boolean;
	simplify: boolean;
	/** Milliseconds for one answer. */
	timeout: number;
	/** Seconds for which a message that was certainly not accepted is retried. */
	retryFor: number;
	/** Undefined: up to the pacer. */
	maxConcurrency: number | undefined;
	/** Undefined: as fast as the channel allows. */
	messagesPerSecond: number | undefined;
	sendOnce: boolean;
	sendAgain: boolean;
	/** Empty: derived from the message. */
	sendOnceKey: string;
	wait: WaitUntil;
	/** Seconds WhatsApp may keep trying to deliver a template; null for the service's default. */
	timeToLive: number | null;
	/** Whether a template goes over WhatsApp's Marketing Messages API; null leaves it to the channel. */
	marketingMessages: boolean | null;
	/** The message that this one answers; empty if none. */
	quotedMessageId: string;
	/** Added to the output item. */
	extraFields: IDataObject;
}

const MAX_RETRY_FOR = 86_400;

let last: { options: IDataObject; settings: Result<SendSettings> } | undefined;

/** Reads the options of a send. Gives `invalid-option`, naming the option. Cached for items that share their options. */
export function readSendSettings(options: IDataObject): Result<SendSettings> {
	if (last?.options !== options) last = { options, settings: read(options) };
	return last.settings;
}

function read(options: IDataObject): Result<SendSettings> {
	const timeout = readTimeout(options);
	if (!timeout.ok) return timeout;
	const retryFor = readNumber(options.retryFor, { label: 'Retry For', fallback: DEFAULT_RETRY_FOR, from: 0, to: MAX_RETRY_FOR });
	if (!retryFor.ok) return retryFor;
	const concurrency = readNumber(options.maxConcurrency, { label: 'Max Concurrency', fallback: 0, from: 1, to: 1000 });
	if (!concurrency.ok) return concurrency;
	const perSecond = readNumber(options.messagesPerSecond, { label: 'Messages per Second', fallback: 0, from: 0.001, to: 1000 });
	if (!perSecond.ok) return perSecond;
	const timeToLive = readTimeToLive(options);
	if (!timeToLive.ok) return timeToLive;
	const marketingMessages = readMarketingMessages(options);
	if (!marketingMessages.ok) return marketingMessages;
	const quoted = readQuotedMessageId(options.quotedMessageId);
	if (!quoted.ok) return quoted;
	const wait = readWaitUntil(options);
	if (!wait.ok) return wait;
	const dryRun = readFlag(options, 'dryRun', { label: 'Dry Run', fallback: false });
	if (!dryRun.ok) return dryRun;
	const sendOnce = readFlag(options, 'sendOnce', { label: 'Send Once', fallback: false });
	if (!sendOnce.ok) return sendOnce;
	const sendAgain = readFlag(options, 'sendAgain', { label: 'Send Again', fallback: false });
	if (!sendAgain.ok) return sendAgain;
	const simplify = readSimplify(options);
	if (!simplify.ok) return simplify;
	const includeInputFields = readFlag(options, 'includeInputFields', { label: 'Include Input Fields', fallback: false });
	if (!includeInputFields.ok) return includeInputFields;
	const extraFields = readExtraFields(options.extraFields);
	if (!extraFields.ok) return extraFields;
	const key = readSendOnceKey(options.sendOnceKey);
	if (!key.ok) return key;
	return ok({
		dryRun: dryRun.value,
		simplify: simplify.value,
		timeout: timeout.value,
		retryFor: retryFor.value,
		maxConcurrency: concurrency.value === 0 ? undefined : Math.floor(concurrency.value),
		messagesPerSecond: perSecond.value === 0 ? undefined : perSecond.value,
		sendOnce: sendOnce.value || sendAgain.value,
		sendAgain: sendAgain.value,
		sendOnceKey: key.value,
		wait: wait.value,
		timeToLive: timeToLive.value,
		marketingMessages: marketingMessages.value,
		quotedMessageId: quoted.value,
		extraFields: extraFields.value,
	});
}

const MARKETING_MESSAGES = new Map<unknown, boolean | null>([
	['default', null],
	['on', true],
	['off', false],
]);

function readMarketingMessages(options: IDataObject): Result<boolean | null> {
	if (!Object.hasOwn(options, 'useMarketingMessages')) return ok(null);
	const choice = MARKETING_MESSAGES.get(options.useMarketingMessages);
	if (choice !== undefined) return ok(choice);
	const label = 'Use Marketing Messages';
	const given = isBlank(options.useMarketingMessages) ? 'empty' : `"${shown(options.useMarketingMessages)}"`;
	return err(invalidOption(`${label} is ${given}, but must be one of ${[...MARKETING_MESSAGES.keys()].join(', ')}`, label));
}

/** 1msg-contract-2.md, section 2.1. */
const MESSAGE_ID = /^wamid\.\S+$/;

function readQuotedMessageId(given: unknown): Result<string> {
	if (isBlank(given)) return ok('');
	const text = typeof given === 'string' ? given.trim() : '';
	if (MESSAGE_ID.test(text)) return ok(text);
	const label = 'Quoted Message ID';
	return err(invalidOption(`${label} is "${shown(given)}", but must be the ID of a message, which starts with wamid.`, label, 'Use the messageId of an event or a send, or remove the option.'));
}

/** Extra Fields: an object, or its JSON text; nothing gives none. Gives `invalid-option`. */
export function readExtraFields(given: unknown): Result<IDataObject> {
	if (isBlank(given)) return ok({});
	const fields = fieldsOf(typeof given === 'string' ? parseJson(given) : given);
	if (fields) return ok(fields as IDataObject);
	return err(invalidOption(`The Extra Fields are ${shown(given)} but must be an object, such as { "sku": "OAK-80" }`, 'Extra Fields'));
}

/** Empty if the key is to be derived from the message. */
function readSendOnceKey(given: unknown): Result<string> {
	if (isBlank(given)) return ok('');
	if (typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given))) return ok(String(given).trim());
	return err(invalidOption('The Send Once Key is neither a text nor a number', 'Send Once Key', 'Point the expression at a single text or number.'));
}
