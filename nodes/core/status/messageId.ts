/** What an expression without a value becomes in a text. */
const NO_VALUE = /^(undefined|null|nan|true|false|\[object .*\])$/i;
/** A phone in any formatting, or a queue's job ID. */
const DIGITS = /^[+(]?[\d\s().-]{1,25}$/;
/** A chat with one customer or a group; the message IDs of older channels have one inside (1msg-api.md, section 6). */
const CHAT_ID = /^[\w.+-]+@(c\.us|g\.us|lid|s\.whatsapp\.net)$/;

/**
 * Why a text certainly is no message ID, as the end of a sentence; undefined if it may be one.
 * The service has issued IDs of several forms, so any other text passes (1msg-api.md, section 3).
 */
export function whyNoMessageId(text: string): string | undefined {
	if (NO_VALUE.test(text)) return 'is what an expression without a value leaves';
	if (DIGITS.test(text)) return 'is a number, such as a phone number or the jobId of a queued message';
	if (CHAT_ID.test(text) && !text.includes('_')) return 'is a chat ID';
	if (/\s/.test(text)) return 'has spaces or line breaks inside';
	return undefined;
}
