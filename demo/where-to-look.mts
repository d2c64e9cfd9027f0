import { curlLine, EVENT_HEADER, exampleEvent, type Order } from '../harness/event.mts';
import { HEADER_CREDENTIAL, MAIL_CREDENTIAL } from '../harness/n8n/credential.mts';
import type { Owner } from '../harness/n8n/api.mts';

/** What a demo that stays up has to show. */
export interface Shown {
	n8n: { url: string };
	owner: Owner;
	/** Undefined with a real channel. */
	sandbox: { baseUrl: string } | undefined;
	send: { name: string };
	follow: { name: string };
	eventUrl: string;
	/** The path of n8n's log. */
	log: string;
	/** An order that still waits. */
	next: Order;
}

/** What a person reads once the demo stays up: where everything is, and what to do next. */
export function whereToLook(shown: Shown, platform: NodeJS.Platform = process.platform): string {
	const { n8n, owner, sandbox, follow, log } = shown;
	const places = [
		`n8n        ${n8n.url}   login ${owner.email}, password ${owner.password}`,
		sandbox && `Phones     ${sandbox.baseUrl}/   what the customers see: tap, answer, let messages fail; and the channel's side`,
		sandbox && `E-mails    a line here: the credential "${MAIL_CREDENTIAL}" leads to a mailbox of the demo, which delivers none`,
		`Logs       ${log}`,
	];
	const rest = sandbox
		? [
				'A row with the phone 12025550101 fails, and an e-mail goes out instead; sandbox/README.md lists more such numbers ("Magic phones").',
				'What the channel takes from now on, and how it ends, is a line here.',
			]
		: [`"${follow.name}" asks for statuses, since 1MSG can't reach this computer; the trigger workflow is there, unpublished.`];
	return ['', ...places, '', ...workflows(shown), '', ...nextEvent(shown, platform), '', ...rest, 'Ctrl-C ends everything.']
		.filter((line) => line !== undefined)
		.join('\n');
}

function workflows({ send, follow }: Shown): string[] {
	return [
		`"${send.name}" and "${follow.name}" are in service already: open those.`,
		'Imported and published once more, they end with n8n\'s "Conflicting Webhook Path".',
	];
}

function nextEvent({ eventUrl, next }: Shown, platform: NodeJS.Platform): string[] {
	return [
		platform === 'win32' ? 'Fire another event, in cmd:' : 'Fire another event:',
		`  ${curlLine(eventUrl, exampleEvent(next), platform)}`,
		`The webhook wants the header ${EVENT_HEADER.name} with the value ${EVENT_HEADER.value}, which n8n keeps in the credential "${HEADER_CREDENTIAL}".`,
		'Who waits for what stands in n8n under Data tables, in stock_arrival_orders: add a row with the status "waiting" for one event more.',
	];
}
