import { simpleParser } from 'mailparser';
import type { Mail } from './mailbox.mts';

/** A mail in one line: who it is for, and its subject. */
export async function mailWords({ to, raw }: Mail): Promise<string> {
	const { subject = '' } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
	return `e-mail     to ${to.join(', ')}: "${subject}"`;
}
