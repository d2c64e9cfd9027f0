import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { Selection } from './selection';

/** What the person set, for one hook. */
export interface TriggerSettings extends Selection {
	confirmWithApi: boolean;
}

/** Reads the fields as n8n reads them. */
export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const { skipRepeats, skipLate, confirmWithApi } = context.getNodeParameter('options', {}) as IDataObject;
	return {
		events: context.getNodeParameter('events', []) as string[],
		statuses: context.getNodeParameter('statuses', []) as string[],
		skipRepeats: skipRepeats !== false,
		skipLate: skipLate !== false,
		hearsAgain: context.getNodeParameter('respond', 'immediately') === 'whenFinished',
		confirmWithApi: confirmWithApi === true,
	};
}
