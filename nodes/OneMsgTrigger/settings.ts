import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { Selection } from './selection';

/** The user's settings, for one hook. */
export interface TriggerSettings extends Selection {
	confirmWithApi: boolean;
	/** Statuses become log rows. */
	logRow: boolean;
}

export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const { skipRepeats, skipLate, confirmWithApi, output } = context.getNodeParameter('options', {}) as IDataObject;
	return {
		events: context.getNodeParameter('events', []) as string[],
		statuses: context.getNodeParameter('statuses', []) as string[],
		skipRepeats: skipRepeats !== false,
		skipLate: skipLate !== false,
		acceptRedeliveries: context.getNodeParameter('respond', 'immediately') === 'whenFinished',
		confirmWithApi: confirmWithApi === true,
		logRow: output === 'logRow',
	};
}
