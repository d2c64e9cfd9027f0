/** The expected result of an item, if nothing goes wrong on the way. */
import type { NodePlan, Row, SendOperation, SendWorld } from '../world.mts';
import { listKey, readList } from './contact-list.mts';
import { isDigit, optionOf, says } from './options.mts';
import { contactKey, readPhone, readRecipient } from './recipient.mts';

export interface Expectation {
	/** Whether a message may go out, and where to. */
	what: 'send' | 'rehearse' | 'refuse';
	/** Whether a refusal is also right. */
	mayRefuse: boolean;
	/** Per reason to refuse it, the matching codes; any if empty. */
	refusals: string[][];
	/** Allowed addresses of the message. */
	to: string[];
	isOnce: boolean;
	isAgain: boolean;
	/** Send Once identity: equal for what must go out once, apart from texts that change per attempt. */
	topic: string;
	/** Whether each attempt makes a different message. */
	changes: boolean;
	/** Whom the item is about: never the same for two customers. */
	customer: string;
	/** Addresses that get everything while a Test Recipient is set. */
	test: string[];
	/** The Test Recipient is somebody else than the customer. */
	isDiverted: boolean;
	/** The safe mode that forbids this message, for the report. */
	forbiddenBy?: string;
}

export const TEST_RECIPIENT = 'Test Recipient';

const YES_OR_NO_OF_SENDS = ['dryRun', 'sendOnce', 'sendAgain', 'simplify', 'includeInputFields'] as const;

/** The rules of interface.md for a sent item, with this Test Recipient in the credential. */
export function expect(world: SendWorld, nodeIndex: number, item: number, testRecipient: unknown): Expectation {
	const node = world.nodes[nodeIndex]!;
	const row = node.rows[item]!;
	const refusals: string[][] = [];
	let mayRefuse = false;
	let isOdd = false;
	let forbiddenBy: string | undefined;
	const refuse = (...codes: string[]) => void refusals.push(codes);

	if ([...YES_OR_NO_OF_SENDS, 'optedIn' as const].some((name) => isDigit(node, name, item))) isOdd = true;
	for (const name of YES_OR_NO_OF_SENDS) {
		if (!['empty', 'neither'].includes(says(node, name, item))) continue;
		refuse('invalid-option');
		forbiddenBy = `${name} that is neither yes nor no`;
	}
	const optedIn = says(node, 'optedIn', item);
	if (optedIn === 'no' || optedIn === 'empty') refuse('no-opt-in');
	// An empty list may count as empty or invalid.
	if (optedIn === 'neither') refuse('invalid-option', 'no-opt-in');
	if (!['absent', 'yes'].includes(optedIn)) forbiddenBy = 'Opted In';

	const customer = readRecipient(phoneOf(node, item), optionOf(node, 'defaultCountry', item));
	if (customer.to.length === 0) refuse(...customer.codes);
	mayRefuse ||= customer.mayRefuse;
	const isTest = !(testRecipient === undefined || testRecipient === null || (typeof testRecipient === 'string' && testRecipient.trim() === ''));
	const test = isTest ? readPhone(testRecipient, undefined) : undefined;
	if (test?.to.length === 0) refuse();
	if (test) mayRefuse ||= test.mayRefuse;
	if (isTest) forbiddenBy ??= TEST_RECIPIENT;

	if (node.options.doNotContact) {
		// n8n fills a null that stands in the node with the option's default.
		const given = optionOf(node, 'doNotContact', item);
		const list = readList(node.options.doNotContact.style === 'literal' ? (given ?? '') : given, optionOf(node, 'defaultCountry', item));
		const keys = [...customer.to, ...(test?.to ?? [])].map(listKey);
		if (list.isUnreadable) refuse(...(mayRefuse ? [] : ['invalid-option', 'invalid-country']));
		if (customer.to.length <= 1 && keys.some((key) => list.blocked.has(key))) refuse(...(mayRefuse || list.mayBeUnreadable ? [] : ['no-opt-in']));
		mayRefuse ||= list.mayBeUnreadable || keys.some((key) => list.open.has(key) || list.blocked.has(key));
		if (list.isUnreadable || keys.some((key) => list.blocked.has(key))) forbiddenBy = 'Do Not Contact';
	}

	for (const value of contentOf(node, row)) {
		const state = stateOf(value);
		if (state === 'empty') refuse();
		if (state === 'odd') isOdd = true;
	}
	mayRefuse ||= isOdd;
	if (isOdd && refusals.length > 0) refuse();
	if (world.channel.twin === 'paused' && node.operation !== 'sendText') mayRefuse = true;

	const isDry = says(node, 'dryRun', item) === 'yes';
	if (isDry) forbiddenBy ??= 'Dry Run';
	const to = test?.to ?? customer.to;
	const isAgain = says(node, 'sendAgain', item) === 'yes';
	const ownKey = optionOf(node, 'sendOnceKey', item);
	const named = typeof ownKey === 'string' || typeof ownKey === 'number' ? String(ownKey).trim() : '';
	// A custom key applies to all nodes, but a message to the Test Recipient isn't one to a customer, unless they are the same person.
	const isDiverted = isTest && !(customer.to.length === 1 && customer.to[0] === to[0]);
	const topic = named === '' ? `${nodeIndex}|${contactKey(to[0] ?? '')}|${row.ref}` : `${nodeIndex}|${isDiverted ? `test ${contactKey(to[0] ?? '')}` : 'live'}|${named}`;
	return {
		what: refusals.length > 0 ? 'refuse' : isDry ? 'rehearse' : 'send',
		mayRefuse: mayRefuse || refusals.length > 0,
		refusals,
		to: refusals.length > 0 || isDry ? [] : to,
		isOnce: says(node, 'sendOnce', item) === 'yes' || isAgain,
		isAgain,
		topic,
		customer: customer.to.length === 1 ? contactKey(customer.to[0]!) : `row ${row.ref}`,
		test: test?.to ?? [],
		isDiverted,
		changes: node.changing && named === '',
		...(forbiddenBy && { forbiddenBy }),
	};
}

/** The value of the node's recipient field. */
export function phoneOf(node: NodePlan, item: number): unknown {
	return node.rows[node.phoneStyle === 'literal' ? 0 : item]!.phone;
}

const FIELDS: Record<SendOperation, ReadonlyArray<keyof Row>> = {
	sendStockArrivalTemplate: ['customerName', 'orderReference', 'productName', 'nextStep'],
	sendTemplate: ['customerName', 'orderReference', 'productName', 'nextStep'],
	sendText: [],
};

function contentOf(node: NodePlan, row: Row): unknown[] {
	// A text that changes per attempt replaces the last of the four.
	return FIELDS[node.operation as SendOperation].filter((field) => !(node.changing && field === 'nextStep')).map((field) => row[field]);
}

/** None of the four values may be empty; texts and numbers are accepted; others are left open. */
function stateOf(value: unknown): 'good' | 'odd' | 'empty' {
	if (value === null || value === undefined) return 'empty';
	if (typeof value === 'number') return 'good';
	if (typeof value !== 'string') return 'odd';
	if (value.replace(/[\s\p{Cf}]/gu, '') === '') return 'empty';
	return value.length > 200 || /[\n\t]| {5}/.test(value) ? 'odd' : 'good';
}
