import type { Mail } from './mailbox.mts';

const ENCODED = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;

/** A mail in one line: who it is for, and its subject. */
export function mailWords({ to, raw }: Mail): string {
	return `e-mail     to ${to.join(', ')}: "${subjectOf(raw)}"`;
}

function subjectOf(raw: string): string {
	const [head = ''] = raw.split(/\r?\n\r?\n/);
	const [, written = ''] = /^subject: ?(.*(?:\r?\n[ \t].*)*)/im.exec(head) ?? [];
	const unfolded = written.replace(/\?=\s+=\?/g, '?==?').replace(/\r?\n[ \t]/g, ' ');
	return unfolded.replace(ENCODED, (_, kind: string, text: string) => decoded(kind, text));
}

function decoded(kind: string, text: string): string {
	if (kind.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString();
	const bytes = text.replaceAll('_', ' ').replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, 'latin1').toString();
}
