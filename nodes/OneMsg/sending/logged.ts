import type { IExecuteFunctions } from 'n8n-workflow';
import type { LoggedMessage } from '../../core/logRow/logRow';
import { contactKeyFor } from '../../core/recipient/identity';
import { readTemplateName } from '../../core/template/choice';
import { readField } from '../resources/shared/parameters';
import { readOption } from '../resources/shared/settings';
import { givenLogKeyOf, hashOf } from './keys';
import { readAddressee } from './recipient';

/** What can be said of an item that did not become a message, from the parameters that can be read. */
export function readLogged(context: IExecuteFunctions, itemIndex: number, fields: readonly string[], testRecipient: unknown): LoggedMessage {
	const given = new GivenFields(context, itemIndex);
	const recipient = given.read('phone', () => readAddressee(context, itemIndex, readOption(context, 'defaultCountry', itemIndex), { testRecipient }));
	const known = recipient?.ok ? recipient.value : undefined;
	const values = Object.fromEntries(fields.map((name) => [name, given.read(name)]));
	const orderReference = textOrNull(values.orderReference);
	return {
		key: keyOf(),
		contactKey: known?.contactKey ?? null,
		phone: known?.about.phone ?? null,
		orderReference,
		customerName: textOrNull(values.customerName),
		productName: textOrNull(values.productName),
		template: templateNameIn(values.template),
	};

	function keyOf(): string {
		const own = textOrNull(readOption(context, 'sendOnceKey', itemIndex));
		if (known && own !== null) return givenLogKeyOf(own, known);
		const names = [known ? contactKeyFor(known.customer) : given.read('phone'), known?.contactKey, own, values];
		// Without a customer or an order, only the item itself tells it from others.
		const isTold = !given.missing && (known !== undefined || orderReference !== null);
		const all = isTold ? names : [...names, context.getInputData()[itemIndex]?.json];
		return `refused|${known?.contactKey ?? ''}|${hashOf(all, 32)}`;
	}
}

class GivenFields {
	/** Whether any could not be read. */
	missing = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	read<T = unknown>(name: string, how: () => T = () => readField(this.context, name, this.itemIndex) as T): T | undefined {
		try {
			return how();
		} catch {
			this.missing = true;
			return undefined;
		}
	}
}

function textOrNull(value: unknown): string | null {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	return text === '' ? null : text;
}

function templateNameIn(locator: unknown): string | null {
	const given = typeof locator === 'object' && locator !== null ? (locator as { value?: unknown }).value : locator;
	const name = readTemplateName(given, undefined);
	return name.ok ? name.value.name : null;
}
