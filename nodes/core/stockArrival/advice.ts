import type { Template } from '../template/list';

/** What a template's item says beyond the channel's list. */
export type TemplateAdvice = {
	/** Whether Send Stock Arrival Template can send it once it is approved. */
	fits: boolean;
	/** Whether WhatsApp has yet to decide, so that waiting makes sense. */
	inReview: boolean;
	/** What its state means and what to do next, in one or two sentences for people; never empty. */
	advice: string;
};

/** Statuses before WhatsApp's decision (1msg-api.md, section 3; 1msg-contract-2.md, section 5). */
const IN_REVIEW: ReadonlySet<string> = new Set(['PENDING', 'IN_APPEAL', 'SUBMITTED', 'RECEIVED']);

const ANOTHER_NAME = 'submit it under another name: WhatsApp keeps the old name for weeks.';

/** By WhatsApp's reason (1msg-contract-2.md, section 5). */
const REJECTED = new Map(Object.entries({
	INVALID_FORMAT: 'WhatsApp rejected its format. Put text before the first variable, after the last one, and between any two.',
	INCORRECT_CATEGORY: 'WhatsApp finds that it is not about an order. Take out everything that advertises.',
	PROMOTIONAL: 'WhatsApp read it as advertising. Take out offers and discounts.',
	TAG_CONTENT_MISMATCH: 'The text does not match its language or category. Write all of it, and the samples, in that language.',
	CATEGORY_NOT_AVAILABLE: 'This account cannot have templates of that category. Ask the support of 1MSG.',
	ABUSIVE_CONTENT: 'WhatsApp found it abusive. Take out threats and anything about sensitive data.',
	SCAM: 'WhatsApp took it for a scam. Take out requests for payment or data, and link to your own domain.',
}));

/** By status; the rest is in `adviceOnDecided`. */
const BY_STATUS = new Map(Object.entries({
	PAUSED: 'WhatsApp paused it because customers marked it as unwanted. The pause ends after some hours, and later ones last longer. Until then, review who gets your messages.',
	DISABLED: 'WhatsApp disabled it after several pauses, and it cannot be used again. Submit a new one under another name, and message fewer people.',
	FLAGGED: 'Customers mark it as unwanted, and WhatsApp may disable it. Review its text and who gets it.',
	LIMIT_EXCEEDED: 'The account has as many templates as WhatsApp allows. Delete those that nobody uses, then submit it again.',
	PENDING_DELETION: `Somebody deleted it. If you still need it, ${ANOTHER_NAME}`,
	DELETED: `Somebody deleted it. If you still need it, ${ANOTHER_NAME}`,
	ARCHIVED: 'It is archived. Restore it in WhatsApp Manager.',
	LOCKED: 'WhatsApp locked it. Look at it in WhatsApp Manager.',
}));

/** Reads a template's state. `misfits` is why Send Stock Arrival Template cannot send it, empty if it can. */
export function adviseOn(template: Pick<Template, 'status' | 'category' | 'rejectedReason'>, misfits: readonly string[]): TemplateAdvice {
	const inReview = IN_REVIEW.has(template.status);
	return { fits: misfits.length === 0, inReview, advice: inReview ? WAIT : adviceOnDecided(template, misfits) };
}

const WAIT = 'WhatsApp is reviewing it, which takes from minutes to a day. Look again later; after two days, ask the support of 1MSG.';

function adviceOnDecided({ status, category, rejectedReason }: Pick<Template, 'status' | 'category' | 'rejectedReason'>, misfits: readonly string[]): string {
	if (status === 'REJECTED') {
		const reason = REJECTED.get(rejectedReason?.toUpperCase() ?? '') ?? 'WhatsApp rejected it. Take out whatever advertises.';
		return `${reason} Then ${ANOTHER_NAME}`;
	}
	if (status !== 'APPROVED') return BY_STATUS.get(status) ?? `It cannot be sent while its status is ${status || 'unknown'}. Look at it in the 1MSG dashboard.`;
	if (misfits.length > 0) {
		return `It is approved, but it is not a stock arrival template: ${misfits.join('; ')}. Use Send Template for it, or submit a stock arrival template under another name.`;
	}
	if (category === 'MARKETING') {
		return 'It is approved as Marketing: WhatsApp limits how many such messages a customer gets, and those who stopped marketing get none. A text without advertising, under another name, may be Utility.';
	}
	return 'It is approved. Choose it in Send Stock Arrival Template.';
}
