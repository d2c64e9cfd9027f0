import { webhookDescriptionFields, type INodeParameters } from 'n8n-workflow';

const field = {
	template: '={{$parameter["respond"] === "whenFinished" ? "lastNode" : "onReceived"}}',
	resolve: ({ respond }: INodeParameters) => (respond === 'whenFinished' ? 'lastNode' : 'onReceived'),
};

/**
 * When n8n answers a hook, as part of the webhook's description: at once, or when the workflow has finished.
 * If n8n supports it (2.41), this bypasses the expression engine, which needs a millisecond per hook.
 */
export const responseMode: { responseMode: string } =
	typeof webhookDescriptionFields === 'function' ? webhookDescriptionFields({ responseMode: field }) : { responseMode: field.template };
