import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { contactKeyOf, recipientOf } from '../../core/recipient/contactKey';
import { readPhone } from '../../core/recipient/phone';
import { err, ok, type Result } from '../../core/problem';
import type { OpenChannel } from '../../shared/transport';
import { readField } from '../resources/shared/parameters';
import { checkOptIn } from '../resources/shared/settings';

/** The recipient of an item's message. */
export interface Recipient {
	/** Digits; the credential's test recipient if it has one. */
	phone: string;
	/** Of `phone`, the actual recipient. */
	contactKey: string;
	/** Fields of the output item. */
	about: { phone: string; recipient: string; contactKey: string; redirectedFrom?: string };
}

/** Reads an item's consent and phone. Gives `no-opt-in`, `invalid-option`, `invalid-phone`, `ambiguous-phone` or `invalid-country`. */
export function readRecipient(context: IExecuteFunctions, itemIndex: number, options: IDataObject, channel: OpenChannel): Result<Recipient> {
	const optIn = checkOptIn(options);
	if (!optIn.ok) return optIn;
	const customer = readPhone(readField(context, 'phone', itemIndex), options.defaultCountry);
	if (!customer.ok) return customer;
	const redirected = redirect(customer.value, channel);
	if (!redirected.ok) return redirected;
	const phone = redirected.value;
	const contactKey = contactKeyOf(phone);
	const about = { phone, recipient: recipientOf(phone)!, contactKey, ...(phone === customer.value ? {} : { redirectedFrom: customer.value }) };
	return ok({ phone, contactKey, about });
}

function redirect(customer: string, { testRecipient }: OpenChannel): Result<string> {
	if (testRecipient === '') return ok(customer);
	const test = readPhone(testRecipient);
	if (test.ok) return test;
	// A configuration error, not bad data.
	return err({ ...test.problem, action: 'alertPerson', message: `The credential's Test Recipient cannot be used: ${test.problem.message}` });
}
