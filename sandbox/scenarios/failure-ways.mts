import { failureWords } from './failures.mts';
import { magicWays } from './magic-phones.mts';
import { Refusal, refusalAnswer } from '../validation/refusal.mts';
import type { ScriptedAnswer } from './scripted-answers.mts';
import type { Settings } from '../state/settings.mts';

/** Where a message fails: in delivery after acceptance, with a WhatsApp code, or in the service itself. */
export type FailureGroup = 'delivery' | 'refusal' | 'service';

/** A failure mode. */
export interface FailureWay {
	/** Stable across calls. */
	id: string;
	group: FailureGroup;
	/** WhatsApp's error code, if any. */
	code: number | null;
	title: string;
	details: string;
	/** For a script. */
	answer: ScriptedAnswer;
}

// Columns A and S of 1msg-api.md section 9, in its order.
const AFTER_ACCEPTANCE = [131026, 131047, 131048, 131049, 131050, 130472, 130429, 131056, 131000, 131016, 1, 2, 131042, 131052, 131053, 130497];
const IN_THE_ANSWER = [
	131047, 131048, 130429, 131056, 131000, 131016, 1, 2, 4, 80007, 131057, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018,
	100, 131008, 131009, 131021, 131031, 368, 131042, 131051, 131052, 131053, 131037, 133010, 130497, 0, 190, 3, 10, 200, 33,
];

const OWN_REFUSALS: ReadonlyArray<[status: number, message: string]> = [
	[400, 'template is not defined'],
	[400, 'Dialog window is closed'],
	[400, 'username is not found'],
	[400, 'bsuid routing is disabled'],
];

/** Every failure mode of a message (1msg-api.md section 9), refusals in the configured style. */
export function failureWays(settings: Settings): FailureWay[] {
	const coded = (group: FailureGroup, codes: readonly number[], answer: (code: number) => ScriptedAnswer): FailureWay[] =>
		codes.map((code) => ({ id: `${group}-${code}`, group, code, ...failureWords(code), answer: answer(code) }));
	const plain = (id: string, title: string, answer: ScriptedAnswer): FailureWay =>
		({ id: `service-${id}`, group: 'service', code: null, title, details: title, answer });
	return [
		...coded('delivery', AFTER_ACCEPTANCE, (code) => ({ accept: true, statuses: [{ status: 'sent' }, { status: 'failed', code }] })),
		...coded('refusal', IN_THE_ANSWER, (code) => {
			const { status, body } = refusalAnswer(new Refusal(code, failureWords(code).details), settings);
			return { status, body };
		}),
		...magicWays().map(({ phone, does, answer }) => plain(phone, does, answer)),
		plain('401', '401: the token is rejected', { status: 401, body: { error: 'Wrong token "***". Please provide token as a GET parameter.' } }),
		plain('503', '503 in plain text, not accepted', { status: 503, body: 'Service Unavailable' }),
		plain('hang', 'the answer never comes, not accepted', { then: 'hang' }),
		...OWN_REFUSALS.map(([status, message]) => plain(message.replaceAll(' ', '-'), `${status}: ${message}`, { status, body: { sent: false, message } })),
	];
}
