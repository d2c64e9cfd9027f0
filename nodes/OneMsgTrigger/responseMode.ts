import { webhookDescriptionFields, type INodeParameters } from 'n8n-workflow';

const field = {
	template: '={{$parameter["respond"] === "whenFinished" ? "lastNode" : "onReceived"}}',
	resolve: ({ respond }: INodeParameters) => (respond === 'whenFinished' ? 'lastNode' : 'onReceived'),
};

/**
 * When n8n answers a hook, as a part of the webhook's description: at once, or when the workflow has finished.
 * Where n8n knows how (2.41), it is computed without its expression engine, which needs a millisecond for each hook.
 */
export const responseMode: { responseMode: string } =
	typeof webhookDescriptionFields === 'function' ? webhookDescriptionFields({ responseMode: field }) : { responseMode: field.template };
