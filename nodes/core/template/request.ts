/** The contents of `POST /sendTemplate` (1msg-api.md, "mission" and section 2.1). */
export interface TemplateSend {
	/** The recipient, as a field of the body. */
	to: { phone: string } | { username: string };
	template: string;
	namespace: string;
	languageCode: string;
	params: unknown[];
	/** Seconds WhatsApp may keep trying; omitted if null. */
	timeToLive: number | null;
	/** Whether it goes over WhatsApp's Marketing Messages API; null leaves it to the channel (1msg-contract-2.md, section 1.2). */
	marketingMessages: boolean | null;
}

/** The request body exactly as in the mission; whatever is null leaves it as it is there. */
export function sendTemplateBody(send: TemplateSend) {
	return {
		...send.to,
		template: send.template,
		namespace: send.namespace,
		language: { policy: 'deterministic', code: send.languageCode },
		params: send.params,
		...(send.timeToLive === null ? {} : { messageSendTtlSeconds: send.timeToLive }),
		...(send.marketingMessages === null ? {} : { useMMlite: send.marketingMessages }),
	};
}
