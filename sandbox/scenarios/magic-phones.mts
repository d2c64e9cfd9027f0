import { randomInt } from 'node:crypto';
import { failureWords } from './failures.mts';
import { KNOWN_CUSTOMERS } from '../state/customers.mts';
import { Refusal, refusalBody } from '../validation/refusal.mts';
import type { ScriptedAnswer } from './scripted-answers.mts';
import type { WantedStatus } from './status-plan.mts';

/** A number with a fixed behaviour. */
interface MagicPhone {
	does: string;
	answer: ScriptedAnswer | (() => ScriptedAnswer);
	/** Fails with a WhatsApp code. */
	isCoded?: boolean;
}

const SENT: WantedStatus = { status: 'sent' };
const DELIVERED: WantedStatus = { status: 'delivered' };

const PHONES: Record<string, MagicPhone> = {
	'12025550100': { does: 'accepted and delivered, like any other number', answer: {} },
	'12025550101': failing(131026),
	'12025550102': failing(131050),
	'12025550103': failing(130472),
	'12025550104': {
		does: '429 with Retry-After: 1',
		answer: { status: 429, headers: { 'retry-after': '1' }, body: { error: 'Too many requests' } },
	},
	'12025550105': {
		does: 'queued: sent:false with a jobId, never a message',
		answer: () => ({ status: 200, body: { sent: false, jobId: String(randomInt(10_000, 10_000_000)), message: 'Message has been queued' } }),
	},
	'12025550106': { does: 'accepted and delivered, but the answer never comes', answer: { accept: true, then: 'hang' } },
	'12025550107': {
		does: '500 with an HTML body, not accepted',
		answer: {
			status: 500,
			headers: { 'content-type': 'text/html; charset=utf-8' },
			body: '<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>',
		},
	},
	'12025550108': { does: 'accepted, the answer takes 3 seconds', answer: { accept: true, delayMs: 3000 } },
	'12025550109': { does: 'sent, but never delivered', answer: { accept: true, statuses: [SENT] } },
	'12025550110': { does: 'refused with 200 and sent:false', answer: { status: 200, body: { sent: false, message: 'wrong file' } } },
	'12025550111': { does: '400 with an error text', answer: { status: 400, body: { error: 'Wrong request' } } },
	'12025550112': { does: '403 in plain text', answer: { status: 403, body: 'Forbidden: subscription limit exceeded' } },
	'12025550113': failing(131049),
	'12025550114': {
		isCoded: true,
		does: '200 with sent:false and code 131056 (pair rate limit)',
		answer: { status: 200, body: refusalBody(new Refusal(131056, failureWords(131056).details)) },
	},
	'12025550115': { does: 'accepted, then the connection is cut', answer: { accept: true, then: 'cutAfter' } },
	'12025550116': { does: 'accepted, 200 with an empty body', answer: { accept: true, status: 200, body: '' } },
	'12025550117': { does: 'accepted, 200 with half a JSON', answer: { accept: true, then: 'half' } },
	'12025550118': { does: '404', answer: { status: 404, body: { message: 'Not found' } } },
	'12025550119': { does: '422', answer: { status: 422, body: { error: 'Wrong request' } } },
	'12025550120': { does: 'the connection is cut before anything is accepted', answer: { then: 'cutBefore' } },
	'12025550121': { does: 'delivered, then read', answer: { accept: true, statuses: [SENT, DELIVERED, { status: 'read' }] } },
	'12025550122': {
		does: 'sent, then undelivered (the other word for failed)',
		answer: { accept: true, statuses: [SENT, { status: 'undelivered', code: 131026 }] },
	},
	'12025550130': { does: 'delivered; has the username anna.b (US.1726000000000130), and events name the phone too', answer: {} },
	'12025550131': { does: 'delivered; hides the phone behind the username boris.k (US.1726000000000131)', answer: {} },
	'12025550132': { does: 'delivered; hides the phone, without a username (US.1726000000000132)', answer: {} },
	'5531988885555': { does: "delivered; WhatsApp's ID lacks Brazil's 9: 553188885555", answer: {} },
	'525512349876': { does: "delivered; WhatsApp's ID has Mexico's old 1: 5215512349876", answer: {} },
};

const isDelivered = (phone: string) => ['12025550100', '12025550121'].includes(phone) || phone in KNOWN_CUSTOMERS;

/** The scripted answer for a magic number. */
export function magicAnswer(phone: string): ScriptedAnswer | undefined {
	const magic = PHONES[phone];
	return typeof magic?.answer === 'function' ? magic.answer() : magic?.answer;
}

/** Behaviours other than delivery and coded failures, for use with any number. */
export function magicWays(): Array<{ phone: string; does: string; answer: ScriptedAnswer }> {
	return Object.entries(PHONES)
		.filter(([phone, { isCoded }]) => !isCoded && !isDelivered(phone))
		.map(([phone, { does, answer }]) => ({ phone, does, answer: typeof answer === 'function' ? answer() : answer }));
}

/** The magic numbers and their behaviours. */
export function magicPhoneList(): Record<string, string> {
	return Object.fromEntries(Object.entries(PHONES).map(([phone, { does }]) => [phone, does]));
}

function failing(code: number): MagicPhone {
	return {
		isCoded: true,
		does: `accepted and sent, then failed with ${code}: ${failureWords(code).title}`,
		answer: { accept: true, statuses: [SENT, { status: 'failed', code }] },
	};
}
