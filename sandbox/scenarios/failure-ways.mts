import { failureWords } from './failures.mts';
import { magicWays } from './magic-phones.mts';
import { Refusal, refusalAnswer } from '../validation/refusal.mts';
import type { ScriptedAnswer } from './scripted-answers.mts';
import type { Settings } from '../state/settings.mts';

/** Where a message fails: in delivery after acceptance, with a WhatsApp code, or in the service itself. */
export type FailureGroup = 'delivery' | 'refusal' | 'service';

/** What a failure is about, to find one among all. */
export type FailureTopic = 'undelivered' | 'content' | 'customer' | 'later' | 'account' | 'unclear';

/** A failure mode. */
export interface FailureWay {
	/** Stable across calls. */
	id: string;
	group: FailureGroup;
	topic: FailureTopic;
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

const OWN_REFUSALS: ReadonlyArray<[status: number, message: string, topic: FailureTopic]> = [
	[400, 'template is not defined', 'content'],
	[400, 'Dialog window is closed', 'customer'],
	[400, 'username is not found', 'customer'],
	[400, 'bsuid routing is disabled', 'account'],
];

/** Topics of refusals with a code; the other codes are about the content. */
const TOPIC_OF_CODE: Partial<Record<FailureTopic, readonly number[]>> = {
	customer: [131021, 131047, 131056],
	later: [1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131057],
	account: [0, 3, 10, 33, 190, 200, 368, 130497, 131031, 131037, 131042, 133010],
};
/** Topics of the magic phones' answers; the others are unclear: queued, slow, or lost. */
const TOPIC_OF_PHONE: Partial<Record<FailureTopic, readonly string[]>> = {
	undelivered: ['12025550109', '12025550122'],
	content: ['12025550110', '12025550111', '12025550119'],
	later: ['12025550104', '12025550107'],
	account: ['12025550112', '12025550118'],
};

function topicIn<Key>(topics: Partial<Record<FailureTopic, readonly Key[]>>, key: Key, fallback: FailureTopic): FailureTopic {
	return (Object.keys(topics) as FailureTopic[]).find((topic) => topics[topic]?.includes(key)) ?? fallback;
}

/** Every failure mode of a message (1msg-api.md section 9), refusals in the configured style. */
export function failureWays(settings: Settings): FailureWay[] {
	const coded = (group: FailureGroup, codes: readonly number[], answer: (code: number) => ScriptedAnswer): FailureWay[] =>
		codes.map((code) => ({ id: `${group}-${code}`, group, topic: group === 'delivery' ? 'undelivered' : topicIn(TOPIC_OF_CODE, code, 'content'), code, ...failureWords(code), answer: answer(code) }));
	const plain = (id: string, topic: FailureTopic, title: string, answer: ScriptedAnswer): FailureWay =>
		({ id: `service-${id}`, group: 'service', topic, code: null, title, details: title, answer });
	return [
		...coded('delivery', AFTER_ACCEPTANCE, (code) => ({ accept: true, statuses: [{ status: 'sent' }, { status: 'failed', code }] })),
		...coded('refusal', IN_THE_ANSWER, (code) => {
			const { status, body } = refusalAnswer(new Refusal(code, failureWords(code).details), settings);
			return { status, body };
		}),
		...magicWays().map(({ phone, does, answer }) => plain(phone, topicIn(TOPIC_OF_PHONE, phone, 'unclear'), does, answer)),
		plain('401', 'account', '401: the token is rejected', { status: 401, body: { error: 'Wrong token "***". Please provide token as a GET parameter.' } }),
		plain('503', 'later', '503 in plain text, not accepted', { status: 503, body: 'Service Unavailable' }),
		plain('hang', 'unclear', 'the answer never comes, not accepted', { then: 'hang' }),
		...OWN_REFUSALS.map(([status, message, topic]) => plain(message.replaceAll(' ', '-'), topic, `${status}: ${message}`, { status, body: { sent: false, message } })),
	];
}
