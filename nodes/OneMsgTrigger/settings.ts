import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { EventShape } from '../core/events/frame';
import { isTest } from './guard';
import type { Selection } from './selection';

/** The first node version whose events have `raw` only on request, and the time of a status under its own name. */
export const LEAN_VERSION = 3;

/** Seconds. */
const MAX_GATHER_FOR = 5;

/** The user's settings, for one hook. */
export interface TriggerSettings extends Selection {
	confirmWithApi: boolean;
	shape: EventShape;
	/** Statuses become log rows. */
	logRow: boolean;
	/** Milliseconds; 0 in a test run, and where the answer waits for the workflow. */
	gatherFor: number;
}

export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const { skipRepeats, skipLate, confirmWithApi, includeRaw, output, gatherFor } = context.getNodeParameter('options', {}) as IDataObject;
	const isLean = context.getNode().typeVersion >= LEAN_VERSION;
	const acceptRedeliveries = context.getNodeParameter('respond', 'immediately') === 'whenFinished';
	const wanted = milliseconds(gatherFor);
	return {
		events: context.getNodeParameter('events', []) as string[],
		statuses: context.getNodeParameter('statuses', []) as string[],
		skipRepeats: skipRepeats !== false,
		skipLate: skipLate !== false,
		acceptRedeliveries,
		confirmWithApi: confirmWithApi === true,
		shape: { raw: !isLean || includeRaw === true, statusTimes: isLean },
		logRow: output === 'logRow',
		gatherFor: wanted === 0 || acceptRedeliveries || isTest(context) ? 0 : wanted,
	};
}

/** 0 for what is no time. */
function milliseconds(seconds: unknown): number {
	const given = Number(seconds);
	return given > 0 ? Math.min(given, MAX_GATHER_FOR) * 1000 : 0;
}
