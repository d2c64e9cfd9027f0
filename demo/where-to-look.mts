import { curlLine, EVENT_HEADER, exampleEvent, type Order } from '../harness/event.mts';
import { HEADER_CREDENTIAL, MAIL_CREDENTIAL } from '../harness/n8n/credential.mts';
import type { Owner } from '../harness/n8n/api.mts';

/** Details shown by a running demo. */
export interface Shown {
	n8n: { url: string };
	owner: Owner;
	/** Undefined with a real channel. */
	sandbox: { baseUrl: string } | undefined;
	send: { name: string };
	follow: { name: string };
	eventUrl: string;
	/** Path of n8n's log. */
	log: string;
	/** An order still waiting. */
	next: Order;
}

/** Printed once the demo stays up: where everything is, and what to do next. */
export function whereToLook(shown: Shown, platform: NodeJS.Platform = process.platform): string {
	const { n8n, owner, sandbox, follow, log } = shown;
	const places = [
		`n8n        ${n8n.url}   login ${owner.email}, password ${owner.password}`,
		sandbox && `Phones     ${sandbox.baseUrl}/   the customers' chats and the channel: tap, answer, make messages fail`,
		sandbox && `E-mails    printed here: the credential "${MAIL_CREDENTIAL}" uses a local mailbox that delivers nothing`,
		`Logs       ${log}`,
	];
	const rest = sandbox
		? [
				'Messages to 12025550101 fail, and an e-mail is sent instead; sandbox/README.md lists more such numbers ("Magic phones").',
				'Further messages and their final statuses are printed here.',
			]
		: [`"${follow.name}" polls for statuses, since 1MSG can't reach this computer; the trigger workflow is imported, but not published.`];
	return ['', ...places, '', ...workflows(shown), '', ...nextEvent(shown, platform), '', ...rest, 'Ctrl-C stops everything.']
		.filter((line) => line !== undefined)
		.join('\n');
}

function workflows({ send, follow }: Shown): string[] {
	return [
		`"${send.name}" and "${follow.name}" are already active: open those.`,
		'Importing and publishing them again fails with n8n\'s "Conflicting Webhook Path".',
	];
}

function nextEvent({ eventUrl, next }: Shown, platform: NodeJS.Platform): string[] {
	return [
		platform === 'win32' ? 'Fire another event, in cmd:' : 'Fire another event:',
		`  ${curlLine(eventUrl, exampleEvent(next), platform)}`,
		`The webhook requires the header ${EVENT_HEADER.name}: ${EVENT_HEADER.value} (credential "${HEADER_CREDENTIAL}").`,
		'Waiting customers are in the Data table stock_arrival_orders: to fire one more event, add a row with the status "waiting".',
	];
}
