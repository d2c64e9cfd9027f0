import { fieldsOf, textOf } from '../json';
import { customerFields, type CustomerFields } from '../recipient/identity';
import { bsuidIn } from '../recipient/names';
import { phoneOfChat } from '../status/status';
import { timeOf } from '../time';
import { completed, type Contacts } from './contacts';
import { framed, type EventFrame, type Frame } from './frame';

/** A customer stopped or resumed marketing messages. */
export type MarketingPreferenceEvent = CustomerFields &
	EventFrame & {
		event: 'marketingPreference';
		/** `stop` or `resume`; any other word of WhatsApp's as it is. */
		preference: string;
		/** WhatsApp's words for it. */
		details: string | null;
	};

/** A template got another status, category or quality. What the change is not about is null. */
export type TemplateChangedEvent = EventFrame & {
	event: 'templateChanged';
	template: string;
	language: string | null;
	templateId: string | null;
	/** `categoryAnnounced` comes a day before `category`. */
	change: 'status' | 'category' | 'categoryAnnounced' | 'quality';
	/** As in Get Many: APPROVED, REJECTED, PAUSED, DISABLED, ... */
	status: string | null;
	/** The category that applies now. */
	category: string | null;
	previousCategory: string | null;
	/** The category that was announced, and will apply at `effectiveAt`. */
	nextCategory: string | null;
	quality: string | null;
	previousQuality: string | null;
	/** WhatsApp's word for the reason, such as ABUSIVE_CONTENT. */
	reason: string | null;
	details: string | null;
	/** ISO 8601 UTC: when an announced category or a disabling takes effect. */
	effectiveAt: string | null;
};

/** A customer tapped a link of a marketing message. */
export type LinkClickedEvent = CustomerFields &
	EventFrame & {
		event: 'linkClicked';
		messageId: string | null;
		clickId: string | null;
		/** `cta` for a button, `body` for a link in the text. */
		component: string | null;
		productId: string | null;
		url: string | null;
	};

/** The account or number was restricted or freed, or got another limit. */
export type AccountChangedEvent = EventFrame & {
	event: 'accountChanged';
	/** WhatsApp's word: ACCOUNT_RESTRICTION, ACCOUNT_RECONNECTED, THROUGHPUT_UPGRADE, ... */
	change: string;
	/** What is restricted, separated by commas. */
	restriction: string | null;
	/** ISO 8601 UTC: the end of the last restriction; null if none is known. */
	until: string | null;
	violation: string | null;
	limit: string | null;
	previousLimit: string | null;
	severity: string | null;
	details: string | null;
	/** The digits of the channel's number, if the change is about it. */
	channelPhone: string | null;
};

export type ChangeEvent = MarketingPreferenceEvent | TemplateChangedEvent | LinkClickedEvent | AccountChangedEvent;

type Fields = Record<string, unknown>;

/** An element of `user_preferences[]` (1msg-contract-2.md, section 5); null if it tells no preference. */
export function preferenceEvent(element: unknown, contacts: Contacts, frame: Frame): MarketingPreferenceEvent | null {
	const fields = fieldsOf(element);
	const preference = textOf(fields?.value).trim().toLowerCase();
	if (!fields || preference === '') return null;
	return { event: 'marketingPreference', ...customerOf(fields, contacts), preference, details: textOf(fields.detail) || null, ...framed(frame, timeOf(fields.timestamp), element) };
}

/** An element of `user_actions[]` (1msg-contract-2.md, section 5); null if it is no click. */
export function clickEvent(element: unknown, contacts: Contacts, frame: Frame): LinkClickedEvent | null {
	const fields = fieldsOf(element);
	const type = textOf(fields?.action_type);
	if (!fields || !/click/i.test(type)) return null;
	const data = fieldsOf(fields[`${type}_data`]) ?? {};
	const first = (...names: string[]) => [data, fields].flatMap((from) => names.map((name) => textOf(from[name]))).find((text) => text !== '') ?? null;
	return {
		event: 'linkClicked',
		...customerOf(fields, contacts),
		messageId: first('message_id', 'wamid') ?? (textOf(fieldsOf(fields.context)?.id) || null),
		clickId: first('click_id'),
		component: first('click_component'),
		productId: first('product_id'),
		url: first('url', 'click_url', 'link'),
		...framed(frame, timeOf(fields.timestamp), element),
	};
}

/** The customer of a preference or click: named in it, or the only one beside it. */
function customerOf(fields: Fields, contacts: Contacts): CustomerFields {
	const userIds = [fields.user_id, fields.parent_user_id];
	const named = { phone: phoneOfChat(textOf(fields.wa_id)), bsuid: bsuidIn(...userIds), username: null };
	const isNobody = named.phone === null && named.bsuid === null;
	const contact = isNobody && contacts.all.length === 1 ? contacts.all[0] : contacts.find(named.phone, ...userIds);
	return customerFields(completed(named, contact));
}

/** The event in a change of Meta's envelope about a template or the account, by its field; undefined for any other field, null if unreadable. */
export function changeEvent(field: string, value: Fields, at: string | null, frame: Frame): TemplateChangedEvent | AccountChangedEvent | null | undefined {
	if (field.startsWith('message_template_') || field === 'template_category_update') return templateEvent(field, value, at, frame);
	if (['account_update', 'account_alerts', 'phone_number_quality_update'].includes(field)) return accountEvent(field, value, at, frame);
	return undefined;
}

function templateEvent(field: string, value: Fields, at: string | null, frame: Frame): TemplateChangedEvent | null {
	const text = (name: string) => textOf(value[name]) || null;
	const template = text('message_template_name');
	const change = changeOf(field, value);
	if (template === null || change === null) return null;
	const [rejection, other] = [fieldsOf(value.rejection_info), fieldsOf(value.other_info)];
	const isAnnounced = change === 'categoryAnnounced';
	return {
		event: 'templateChanged',
		template,
		language: text('message_template_language'),
		templateId: text('message_template_id'),
		change,
		status: change === 'status' ? text('event') : null,
		category: text('new_category') ?? text('message_template_category'),
		previousCategory: isAnnounced ? null : text('previous_category'),
		nextCategory: isAnnounced ? text('correct_category') : null,
		quality: text('new_quality_score'),
		previousQuality: text('previous_quality_score'),
		reason: reasonOf(value.reason) ?? reasonOf(rejection?.reason) ?? reasonOf(other?.title),
		details: textOf(rejection?.recommendation) || textOf(other?.description) || null,
		effectiveAt: timeOf(value.category_update_timestamp) ?? timeOf(fieldsOf(value.disable_info)?.disable_date),
		...framed(frame, at, { field, value }),
	};
}

/** What a template field's value is about; null if it says nothing. */
function changeOf(field: string, value: Fields): TemplateChangedEvent['change'] | null {
	const has = (name: string) => textOf(value[name]) !== '';
	if (field === 'message_template_status_update') return has('event') ? 'status' : null;
	if (field === 'message_template_quality_update') return has('new_quality_score') ? 'quality' : null;
	if (field !== 'template_category_update') return null;
	return has('correct_category') ? 'categoryAnnounced' : has('new_category') ? 'category' : null;
}

function reasonOf(given: unknown): string | null {
	const reason = textOf(given);
	return reason === '' || reason === 'NONE' ? null : reason;
}

function accountEvent(field: string, value: Fields, at: string | null, frame: Frame): AccountChangedEvent | null {
	const alert = fieldsOf(value.alert_info) ?? {};
	const change = textOf(value.event) || textOf(alert.alert_type) || textOf(value.alert_type);
	if (change === '') return null;
	const listed: unknown[] = Array.isArray(value.restriction_info) ? value.restriction_info : [value.restriction_info];
	const restrictions = listed.map(fieldsOf).filter((entry) => entry !== undefined);
	const types = restrictions.map(({ restriction_type }) => textOf(restriction_type)).filter((type) => type !== '');
	const violation = textOf(value.violation_type) || textOf(fieldsOf(value.violation_info)?.violation_type);
	return {
		event: 'accountChanged',
		change,
		restriction: types.join(', ') || null,
		until: restrictions.map(({ expiration }) => timeOf(expiration)).filter((time) => time !== null).sort().at(-1) ?? null,
		violation: violation || null,
		limit: textOf(value.current_limit) || textOf(value.max_daily_conversations_per_business) || null,
		previousLimit: textOf(value.old_limit) || null,
		severity: textOf(alert.alert_severity) || textOf(value.alert_severity) || null,
		details: textOf(alert.alert_description) || textOf(value.alert_description) || null,
		channelPhone: textOf(value.display_phone_number).replace(/\D/g, '') || null,
		...framed(frame, at, { field, value }),
	};
}
