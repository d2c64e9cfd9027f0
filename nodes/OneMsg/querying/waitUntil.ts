import type { IDataObject } from 'n8n-workflow';
import { foundBeforeSending, err, ok, type Result } from '../../core/problem';
import { RANK, type MessageStatus } from '../../core/status/status';
import { readNumber } from '../resources/shared/settings';

/** The status that an item waits for, and for how long. */
export interface WaitUntil {
	until: 'none' | 'sent' | 'delivered' | 'read' | 'final';
	/** Seconds. */
	timeout: number;
}

const DEFAULT_WAIT = 60;
const MAX_WAIT_TIMEOUT = 86_400;
const CHOICES = ['none', 'sent', 'delivered', 'read', 'final'] as const;

/** Reads the Wait Until and Wait Timeout options. Gives `invalid-option`. */
export function readWaitUntil(options: IDataObject): Result<WaitUntil> {
	const timeout = readNumber(options.waitTimeout, { label: 'Wait Timeout', fallback: DEFAULT_WAIT, from: 0, to: MAX_WAIT_TIMEOUT });
	if (!timeout.ok) return timeout;
	const given = options.waitUntil ?? 'none';
	const until = CHOICES.find((choice) => choice === given);
	if (until) return ok({ until, timeout: timeout.value });
	return err(
		foundBeforeSending({
			code: 'invalid-option',
			message: `Wait Until is "${String(given).slice(0, 50)}", but must be one of ${CHOICES.join(', ')}`,
			description: 'Choose a value from the list.',
		}),
	);
}

/** Whether a message reached the awaited status; a final status ends every wait. */
export function hasReached({ status, isFinal, rank }: Pick<MessageStatus, 'status' | 'isFinal' | 'rank'>, until: WaitUntil['until']): boolean {
	if (until === 'none' || isFinal) return true;
	return until !== 'final' && status !== 'noReport' && rank >= RANK[until];
}
