import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { readPhone } from '../../core/phone';
import { no, ok, type Result } from '../../core/problem';
import type { OpenChannel } from '../../transport';
import { readField } from '../readField';
import { checkOptIn } from '../settings';

/** Who an item's message goes to. */
export interface Recipient {
	/** Digits; the credential's test recipient where it has one. */
	phone: string;
	/** The customer's own number, digits. */
	customer: string;
	/** What the output item says about it. */
	about: { phone: string; redirectedFrom?: string };
}

/** Reads an item's consent and phone. Gives `no-opt-in`, `invalid-phone` or `invalid-country`. */
export function readRecipient(context: IExecuteFunctions, itemIndex: number, options: IDataObject, channel: OpenChannel): Result<Recipient> {
	const optIn = checkOptIn(options);
	if (!optIn.ok) return optIn;
	const customer = readPhone(readField(context, 'phone', itemIndex), options.defaultCountry);
	if (!customer.ok) return customer;
	const phone = redirect(customer.value, channel);
	if (!phone.ok) return phone;
	const redirected = phone.value === customer.value ? {} : { redirectedFrom: customer.value };
	return ok({ phone: phone.value, customer: customer.value, about: { phone: phone.value, ...redirected } });
}

function redirect(customer: string, channel: OpenChannel): Result<string> {
	if (channel.testRecipient === '') return ok(customer);
	const test = readPhone(channel.testRecipient);
	if (test.ok) return test;
	return no({ ...test.problem, message: `The credential's Test Recipient cannot be used: ${test.problem.message}` });
}
