import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { EventShape } from '../core/events/frame';
import type { Selection } from './selection';

/** The first node version whose events have `raw` only on request, and the time of a status under its own name. */
export const LEAN_VERSION = 3;

/** The user's settings, for one hook. */
export interface TriggerSettings extends Selection {
	confirmWithApi: boolean;
	shape: EventShape;
	/** Statuses become log rows. */
	logRow: boolean;
}

export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const { skipRepeats, skipLate, confirmWithApi, includeRaw, output } = context.getNodeParameter('options', {}) as IDataObject;
	const isLean = context.getNode().typeVersion >= LEAN_VERSION;
	return {
		events: context.getNodeParameter('events', []) as string[],
		statuses: context.getNodeParameter('statuses', []) as string[],
		skipRepeats: skipRepeats !== false,
		skipLate: skipLate !== false,
		acceptRedeliveries: context.getNodeParameter('respond', 'immediately') === 'whenFinished',
		confirmWithApi: confirmWithApi === true,
		shape: { raw: !isLean || includeRaw === true, statusTimes: isLean },
		logRow: output === 'logRow',
	};
}
