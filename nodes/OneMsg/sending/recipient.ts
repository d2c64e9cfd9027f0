import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { addressFor, contactKeyFor, customerFields, recipientFor, type Address, type CustomerFields, type Identity } from '../../core/recipient/identity';
import { readPhone } from '../../core/recipient/phone';
import { readRecipient } from '../../core/recipient/recipient';
import { err, ok, type Result } from '../../core/problem';
import type { OpenChannel } from '../../shared/transport';
import { readField } from '../resources/shared/parameters';
import { checkOptIn } from '../resources/shared/settings';

/** The recipient of an item's message. */
export interface Recipient {
	/** The customer; the credential's test recipient if it has one. */
	to: Identity;
	address: Address;
	/** Of `to`, the actual recipient. */
	contactKey: string;
	/** Whom the item is about. */
	customer: Identity;
	/** Fields of the output item. */
	about: CustomerFields & { redirectedFrom?: string };
}

/** Reads an item's consent and recipient. Gives `no-opt-in`, `invalid-option`, or a problem of `readRecipient`. */
export function readItemRecipient(context: IExecuteFunctions, itemIndex: number, options: IDataObject, channel: OpenChannel): Result<Recipient> {
	const optIn = checkOptIn(options);
	return optIn.ok ? readAddressee(context, itemIndex, options.defaultCountry, channel) : optIn;
}

/** Reads whom an item is about and who gets its message. Gives a problem of `readRecipient`. */
export function readAddressee(context: IExecuteFunctions, itemIndex: number, defaultCountry: unknown, channel: Pick<OpenChannel, 'testRecipient'>): Result<Recipient> {
	const customer = readRecipient(readField(context, 'phone', itemIndex), defaultCountry);
	if (!customer.ok) return customer;
	const redirected = redirect(customer.value, channel);
	if (!redirected.ok) return redirected;
	const to = redirected.value;
	const redirectedFrom = to.phone === customer.value.phone ? {} : { redirectedFrom: customer.value.phone ?? recipientFor(customer.value)! };
	const about = { ...customerFields(to), ...redirectedFrom };
	return ok({ to, address: addressFor(to)!, contactKey: contactKeyFor(to)!, customer: customer.value, about });
}

function redirect(customer: Identity, { testRecipient }: Pick<OpenChannel, 'testRecipient'>): Result<Identity> {
	if (testRecipient === '') return ok(customer);
	const test = readPhone(testRecipient);
	if (test.ok) return ok({ phone: test.value, bsuid: null, username: null });
	// A configuration error, not bad data.
	return err({ ...test.problem, action: 'alertPerson', message: `The credential's Test Recipient cannot be used: ${test.problem.message}` });
}
