import type { IDataObject } from 'n8n-workflow';
import { err, ok, type Result } from '../../core/problem';
import { isBlank } from '../../core/value';
import { DEFAULT_RETRY_FOR, invalidOption, readFlag, readNumber, readSimplify, readTimeToLive, readTimeout } from '../resources/shared/settings';
import { readWaitUntil, type WaitUntil } from '../querying/waitUntil';

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
	});
}

/** Empty if the key is to be derived from the message. */
function readSendOnceKey(given: unknown): Result<string> {
	if (isBlank(given)) return ok('');
	if (typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given))) return ok(String(given).trim());
	return err(invalidOption('The Send Once Key is neither a text nor a number', 'Send Once Key', 'Point the expression at a single text or number.'));
}
