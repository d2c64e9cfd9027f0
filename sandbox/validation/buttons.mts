import { variableText } from './value.mts';
import { type JsonObject, listOf, objectOf } from '../json.mts';
import type { ShownButton } from '../state/messages.mts';
import { refuse } from './refusal.mts';
import type { ButtonDefinition } from './template-definition.mts';

const MAX_COUPON_LENGTH = 20;

interface ButtonKind {
	subTypes: readonly string[];
	/** Whether a send may include a component for it. */
	takes: (button: ButtonDefinition) => boolean;
	/** Whether a send must include a component for it. */
	needed: (button: ButtonDefinition) => boolean;
	/** Validates the sent parameters and fills the button. */
	fill: (button: ButtonDefinition, parameters: JsonObject[], where: string) => ShownButton;
}

const always = () => true;
const never = () => false;

const KINDS: Record<string, ButtonKind> = {
	URL: {
		subTypes: ['url'],
		takes: (button) => button.dynamic,
		needed: (button) => button.dynamic,
		fill(button, parameters, where) {
			const suffix = variableText(only(parameters, 'text', where).text, where);
			return { ...plain(button), url: (button.url ?? '').replace(/\{\{[^{}]+\}\}/, suffix) };
		},
	},
	QUICK_REPLY: {
		subTypes: ['quick_reply'],
		takes: always,
		needed: never,
		fill(button, parameters, where) {
			if (parameters.length === 0) return plain(button);
			return { ...plain(button), payload: variableText(only(parameters, 'payload', where).payload, where) };
		},
	},
	COPY_CODE: {
		subTypes: ['copy_code', 'coupon_code'],
		takes: always,
		needed: always,
		fill(button, parameters, where) {
			const code = variableText(only(parameters, 'coupon_code', where).coupon_code, where);
			if (code.length > MAX_COUPON_LENGTH) refuse(131009, `${where}: a code has at most ${MAX_COUPON_LENGTH} characters`);
			return { ...plain(button), code };
		},
	},
	CATALOG: { subTypes: ['catalog'], takes: always, needed: always, fill: action(() => {}) },
	FLOW: { subTypes: ['flow'], takes: always, needed: always, fill: action(() => {}) },
	ORDER_DETAILS: {
		subTypes: ['order_details'],
		takes: always,
		needed: always,
		fill: action((fields, where) => {
			if (!objectOf(fields.order_details)?.reference_id) refuse(131008, `${where}: order_details needs reference_id`);
		}),
	},
	PHONE_NUMBER: { subTypes: ['voice_call'], takes: never, needed: never, fill: plain },
};
KINDS.OTP = KINDS.URL!;

// 1msg-contract-2.md section 6.2; COUPON_CODE is 1MSG's other word for COPY_CODE.
const SUB_TYPES = [
	'BOOKING_CONFIRMATION', 'CATALOG', 'COPY_CODE', 'COUPON_CODE', 'FLOW', 'MPM', 'ORDER_DETAILS', 'QUICK_REPLY', 'REMINDER', 'URL', 'VOICE_CALL',
];

/** Validates a send's button components against the template; returns the buttons as shown. */
export function checkButtons(buttons: readonly ButtonDefinition[], sent: readonly JsonObject[], where: string): ShownButton[] {
	const byIndex = new Map<number, JsonObject>();
	for (const component of sent) {
		const index = Number(component.index ?? NaN);
		if (!Number.isInteger(index) || !buttons[index]) refuse(132012, `${where}: there is no button at index ${String(component.index)}`);
		if (byIndex.has(index)) refuse(100, `${where}: two components for the button at index ${index}`);
		byIndex.set(index, component);
	}
	return buttons.map((button, index) => shownButton(button, byIndex.get(index), `${where}: button at index ${index}`));
}

function shownButton(button: ButtonDefinition, component: JsonObject | undefined, where: string): ShownButton {
	const kind = KINDS[button.type];
	if (!kind) return plain(button);
	if (!component) {
		if (kind.needed(button)) refuse(131008, `${where} of type ${spoken(button)} requires a parameter`);
		return plain(button);
	}
	const subType = String(component.sub_type);
	if (!SUB_TYPES.includes(subType.toUpperCase())) refuse(100, `Param sub_type must be one of {${SUB_TYPES.join(', ')}} - got "${subType}".`);
	if (!kind.takes(button)) refuse(100, `${where} is of type ${spoken(button)} and does not support parameters`);
	if (!kind.subTypes.includes(subType)) {
		refuse(132012, `${where} is of type ${button.type}, received ${subType}`);
	}
	const parameters = (listOf(component.parameters) ?? []).map((parameter) => objectOf(parameter) ?? {});
	return kind.fill(button, parameters, where);
}

/** A button's type in WhatsApp's error texts: `Url`, `PhoneNumber`. */
function spoken({ type }: ButtonDefinition): string {
	return type.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function action(check: (fields: JsonObject, where: string) => void): ButtonKind['fill'] {
	return (button, parameters, where) => {
		const fields = objectOf(only(parameters, 'action', where).action);
		if (!fields) refuse(131008, `${where}: action is missing`);
		check(fields, where);
		return plain(button);
	};
}

function only(parameters: JsonObject[], type: string, where: string): JsonObject {
	const [parameter] = parameters;
	if (!parameter || parameters.length > 1) refuse(132012, `${where} takes one parameter, received ${parameters.length}`);
	if (parameter.type !== type) refuse(132012, `${where}: expected ${type}, received ${String(parameter.type)}`);
	return parameter;
}

function plain(button: ButtonDefinition): ShownButton {
	return { type: button.type, text: button.text, ...(button.url !== undefined && { url: button.url }) };
}
