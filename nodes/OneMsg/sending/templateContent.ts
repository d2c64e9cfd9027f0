import type { IDataObject } from 'n8n-workflow';
import { sendTemplateBody, type TemplateSend } from '../../core/template/request';
import type { LoggedMessage } from '../../core/logRow/logRow';
import type { MessageContent } from './message';

/** A template with its variables filled. */
export interface FilledTemplate extends Omit<TemplateSend, 'to'> {
	/** The text of the message; null if the template's definition was not read. */
	text: string | null;
	shownAs: string[];
	/** See `MessageContent`. */
	isTidied: boolean;
	/** Fields of the output item about the order. */
	about?: IDataObject;
	/** Columns of its log row. */
	logged?: Pick<LoggedMessage, 'orderReference' | 'customerName' | 'productName'>;
	/** Equal for equal messages to one customer. */
	identity: unknown;
	fit: 'fits' | 'notChecked';
}

/** The content of a template message. */
export function templateContent({ text, shownAs, isTidied, about, logged, identity, fit, ...send }: FilledTemplate): MessageContent {
	const { template, languageCode: language } = send;
	return {
		path: '/sendTemplate',
		bodyTo: (to) => sendTemplateBody({ to, ...send }) as IDataObject,
		template: `${template}|${language}`,
		about: { ...about, template, language, text },
		shownAs,
		isTidied,
		logged: { template, ...logged },
		identity,
		rehearsal: { fit },
	};
}
