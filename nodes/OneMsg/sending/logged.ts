import type { IExecuteFunctions } from 'n8n-workflow';
import type { LoggedMessage } from '../../core/logRow/logRow';
import { contactKeyFor } from '../../core/recipient/identity';
import { readTemplateName } from '../../core/template/choice';
import { readField } from '../resources/shared/parameters';
import { readOption } from '../resources/shared/settings';
import { givenLogKeyOf, hashOf } from './keys';
import { readAddressee, type Recipient } from './recipient';

/** What can be said of an item that became no message, from those of its parameters that can be read: the recipient, and `fields`. */
export function readLogged(context: IExecuteFunctions, itemIndex: number, fields: readonly string[], testRecipient: unknown): LoggedMessage {
	const given = Object.fromEntries(['phone', ...fields].map((name) => [name, tryToRead(() => readField(context, name, itemIndex))]));
	const found = tryToRead(() => readAddressee(context, itemIndex, readOption(context, 'defaultCountry', itemIndex), { testRecipient }));
	const recipient = found?.ok ? found.value : undefined;
	const orderReference = textIn(given.orderReference);
	const template = templateIn(given.template);
	return {
		key: keyOf(),
		contactKey: recipient?.contactKey ?? null,
		phone: recipient?.about.phone ?? null,
		orderReference,
		customerName: textIn(given.customerName),
		productName: textIn(given.productName),
		template,
	};

	/** The same for the same item, another one for another customer. */
	function keyOf(): string {
		const own = textIn(readOption(context, 'sendOnceKey', itemIndex));
		if (recipient && own !== null) return givenLogKeyOf(own, recipient);
		const isComplete = Object.values(given).every((value) => value !== undefined);
		// Two customers without a phone may have the same text, or expressions that fail alike: their items tell them apart.
		const item = isComplete && (recipient !== undefined || orderReference !== null) ? null : context.getInputData()[itemIndex]?.json;
		const parts: Record<string, unknown> = { ...given, phone: nameOf(recipient) ?? given.phone, template: template ?? given.template };
		// It often has a date, and with an order it tells nobody apart.
		if (orderReference !== null) delete parts.nextStep;
		return `refused|${recipient?.contactKey ?? ''}|${hashOf([own, parts, item], 32)}`;
	}
}

function nameOf(recipient: Recipient | undefined): string | null {
	return recipient ? contactKeyFor(recipient.customer) : null;
}

/** Undefined if a broken expression throws. */
function tryToRead<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

function textIn(value: unknown): string | null {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return text === '' ? null : text;
}

function templateIn(locator: unknown): string | null {
	const given = typeof locator === 'object' && locator !== null ? (locator as { value?: unknown }).value : locator;
	const name = readTemplateName(given, undefined);
	return name.ok ? name.value.name : null;
}
