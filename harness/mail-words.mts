import { simpleParser } from 'mailparser';
import type { Mail } from './mailbox.mts';

/** A mail in one line: recipients and subject. */
export async function mailWords({ to, raw }: Mail): Promise<string> {
	const { subject = '' } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
	return `e-mail     to ${to.join(', ')}: "${subject}"`;
}
