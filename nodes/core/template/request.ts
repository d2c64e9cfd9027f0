/** Everything that `POST /sendTemplate` carries (1msg-api.md, "mission" and section 2.1). */
export interface TemplateSend {
	/** Digits with country code. */
	phone: string;
	template: string;
	namespace: string;
	languageCode: string;
	params: unknown[];
	/** Seconds WhatsApp may go on trying; left out when null. */
	timeToLive: number | null;
}

/** The request body, field by field as the mission has it, and nothing more. */
export function sendTemplateBody(send: TemplateSend) {
	return {
		phone: send.phone,
		template: send.template,
		namespace: send.namespace,
		language: { policy: 'deterministic', code: send.languageCode },
		params: send.params,
		...(send.timeToLive === null ? {} : { messageSendTtlSeconds: send.timeToLive }),
	};
}
