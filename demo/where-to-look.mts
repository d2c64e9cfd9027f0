import type { Owner } from '../harness/n8n/api.mts';

/** Details shown by a running demo. */
export interface Shown {
	n8n: { url: string };
	owner: Owner;
	/** Undefined with a real channel. */
	sandbox: { baseUrl: string } | undefined;
	send: { name: string };
	follow: { name: string };
	published: unknown[];
	/** Path of n8n's log. */
	log: string;
}

/** Printed once the demo stays up: where everything is, and what to do next. */
export function whereToLook({ n8n, owner, sandbox, send, follow, published, log }: Shown): string {
	const places = [
		`n8n      ${n8n.url}   ${owner.email}, password ${owner.password}`,
		...(sandbox ? [`Phones   ${sandbox.baseUrl}/   read as the customer, tap, reply, make messages fail`] : []),
		`Log      ${log}`,
	];
	const notes = [
		`${published.length} workflows are published in n8n: start with "${send.name}" and "${follow.name}". Do not import them again.`,
		...(sandbox ? [] : [`"${follow.name}" asks the channel for statuses, because 1MSG cannot reach this computer.`]),
		'E-mails are printed here; none leaves this computer.',
	];
	return ['', ...places, '', ...notes, '', 'Press Enter for the next arrival. Ctrl-C stops everything.', ''].join('\n');
}
