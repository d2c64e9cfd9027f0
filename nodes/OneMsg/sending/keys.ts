import { createHash } from 'node:crypto';
import { contactKeyFor } from '../../core/recipient/identity';
import type { MessageContent } from './message';
import type { Recipient } from './recipient';

/** Who gets a message, and whom it is about. */
type Parties = Pick<Recipient, 'about' | 'contactKey' | 'customer'>;

/** The `sendOnce` key; `given` is the user's own, empty if none. A message to the Test Recipient never shares a key with that to the customer. */
export function sendOnceKeyOf(given: string, recipient: Parties, { template, identity }: Pick<MessageContent, 'template' | 'identity'>): string {
	return given === '' ? `${template}|${recipient.contactKey}|${hashOf(identity, 16)}` : givenKeyOf(given, recipient);
}

/** The `logId` of a message without an ID: its Send Once key, and the customer if that key may stand for several. */
export function logKeyOf(sendOnceKey: string, given: string, recipient: Parties): string {
	const isOfOne = given === '' && recipient.about.redirectedFrom === undefined;
	return isOfOne ? sendOnceKey : withCustomer(sendOnceKey, recipient);
}

/** `logKeyOf` for a user's own key. */
export function givenLogKeyOf(given: string, recipient: Parties): string {
	return withCustomer(givenKeyOf(given, recipient), recipient);
}

function givenKeyOf(given: string, { about, contactKey }: Parties): string {
	return about.redirectedFrom === undefined ? given : `${given}|test|${contactKey}`;
}

function withCustomer(key: string, { customer }: Parties): string {
	return `${key}|${contactKeyFor(customer)}`;
}

/** `length` hexadecimal digits of the hash of a value's JSON. */
export function hashOf(value: unknown, length: number): string {
	return createHash('sha256').update(JSON.stringify(value) ?? '').digest('hex').slice(0, length);
}
