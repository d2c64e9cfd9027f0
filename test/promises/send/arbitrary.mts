/** Random send worlds. A few moods make rare combinations likely. */
import fc from 'fast-check';
import { everyone, questionFaults, sendFaults, throttlings } from './faults.mts';
import { countryCodes, plainRecipients, recipients, testRecipients } from './phones.mts';
import { listOf, type ContactListPlan } from './contact-lists.mts';
import { asks, type Act, type AgentMessage, type Moment, type NodePlan, type OptionPlan, type Row, type SendOperation, type SendWorld, type Style } from './world.mts';

/** Probabilities in percent. */
interface Mood {
	oddPhones: number;
	defaultCountry: number;
	oddOptions: number;
	oddValues: number;
	dryRun: number;
	testRecipient: number;
	/** Lists of customers not to contact. */
	lists: number;
	logRows: number;
	sendOnce: number;
	waits: number;
	retry: number;
	changing: number;
	pace: number;
	continues: number;
	/** Worlds with many items. */
	large: number;
	/** Maximum items otherwise; not a percentage. */
	most: number;
	sendFaults: number;
	everyone: number;
	limit: number;
	questionFaults: number;
	agents: number;
	storeFaults: number;
	/** Acts after the first start. */
	acts: number;
	nodes: number;
	jumps: number;
	cancels: number;
	questions: number;
	throttlesQueries: number;
	/** A node with a slow rate limit, and one without that starts during its work. */
	slowNeighbour: number;
}

/** Items of a normal world. */
const MAX_OF_FEW = 12;

const CALM: Mood = {
	oddPhones: 15, defaultCountry: 25, oddOptions: 15, oddValues: 10, dryRun: 8, testRecipient: 8, lists: 10, logRows: 25, sendOnce: 30, waits: 10, retry: 15, changing: 10, pace: 8, continues: 60,
	large: 1, most: MAX_OF_FEW, sendFaults: 25, everyone: 2, limit: 5, questionFaults: 10, agents: 5, storeFaults: 5, acts: 40, nodes: 20, jumps: 8, cancels: 8, questions: 5, throttlesQueries: 1, slowNeighbour: 0,
};

const NO_FAULTS: Partial<Mood> = { sendFaults: 0, everyone: 0, limit: 0, questionFaults: 0, storeFaults: 0 };

const MOODS: ReadonlyArray<{ weight: number; mood: Mood }> = [
	{ weight: 4, mood: CALM },
	// Right recipient?
	{ weight: 4, mood: { ...CALM, ...NO_FAULTS, oddPhones: 90, defaultCountry: 60, lists: 40, acts: 10, waits: 0 } },
	// Safe modes obeyed?
	{ weight: 3, mood: { ...CALM, ...NO_FAULTS, dryRun: 50, testRecipient: 40, lists: 60, oddOptions: 60, acts: 40, sendOnce: 50 } },
	// Sent at most once?
	{ weight: 4, mood: { ...CALM, sendOnce: 90, oddPhones: 5, storeFaults: 25, acts: 90, testRecipient: 15, cancels: 15, oddOptions: 5, oddValues: 2 } },
	// n8n's retries.
	{ weight: 3, mood: { ...CALM, oddPhones: 5, oddOptions: 3, oddValues: 2, retry: 95, changing: 50, continues: 30, sendFaults: 50 } },
	// Waiting for a status.
	{ weight: 2, mood: { ...CALM, waits: 90, oddPhones: 5, oddOptions: 3, agents: 60, questionFaults: 40, sendFaults: 40, acts: 20 } },
	// Waiting, after a lost answer.
	{ weight: 2, mood: { ...CALM, most: 3, waits: 95, oddPhones: 3, oddOptions: 2, oddValues: 2, dryRun: 2, agents: 90, sendFaults: 90, questionFaults: 3, acts: 10, cancels: 0, jumps: 0 } },
	// Interrupted midway.
	{ weight: 2, mood: { ...CALM, most: 6, sendOnce: 80, oddPhones: 3, oddOptions: 2, oddValues: 2, dryRun: 2, cancels: 90, acts: 95 } },
	// Large batches.
	{ weight: 1, mood: { ...CALM, large: 90, everyone: 50, sendFaults: 30, oddPhones: 0, oddOptions: 0, oddValues: 0, questionFaults: 3, continues: 95, storeFaults: 15 } },
	// Concurrency.
	{ weight: 3, mood: { ...CALM, ...NO_FAULTS, nodes: 95, pace: 50, acts: 95, jumps: 4, cancels: 0, oddPhones: 3, oddOptions: 3, oddValues: 2, dryRun: 3, questions: 15 } },
	// Behind a slow node.
	{ weight: 1, mood: { ...CALM, ...NO_FAULTS, nodes: 100, questions: 0, slowNeighbour: 100, acts: 0, jumps: 0, cancels: 0, oddPhones: 0, oddOptions: 0, oddValues: 0, waits: 0 } },
	// Queries throttled while others send.
	{ weight: 2, mood: { ...CALM, ...NO_FAULTS, nodes: 95, waits: 60, acts: 95, questions: 40, throttlesQueries: 100, cancels: 0, oddPhones: 0, oddOptions: 0, oddValues: 0, continues: 95 } },
	// Clock changes.
	{ weight: 1, mood: { ...CALM, ...NO_FAULTS, acts: 95, jumps: 80, cancels: 0, waits: 40, pace: 40, oddPhones: 3, oddOptions: 3, oddValues: 2 } },
	// Queries afterwards.
	{ weight: 3, mood: { ...CALM, questions: 90, nodes: 95, acts: 60, sendFaults: 30, oddPhones: 30, oddOptions: 3, cancels: 2, jumps: 3, questionFaults: 5 } },
];

const percent = (likely: number) => fc.integer({ min: 0, max: 99 }).map((chance) => chance < likely);

/** A weighted choice; shrinks towards the first. */
function oneof<T>(...weighted: Array<[weight: number, arbitrary: fc.Arbitrary<T>]>): fc.Arbitrary<T> {
	return fc.oneof({ withCrossShrink: true }, ...weighted.filter(([weight]) => weight > 0).map(([weight, arbitrary]) => ({ weight: Math.ceil(weight), arbitrary })));
}

function sometimes<T>(likely: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
	return oneof<T | undefined>([100 - likely, fc.constant(undefined)], [likely, arbitrary]);
}

/** A list of faults in order; most entries are none. */
function faultList<T>(likely: number, fault: fc.Arbitrary<T>, most: number): fc.Arbitrary<Array<T | null>> {
	if (likely <= 0) return fc.constant([]);
	const entry = oneof<T | null>([2, fc.constant(null)], [3, fault]);
	return sometimes(likely, fc.array(entry, { minLength: 1, maxLength: most })).map((list) => list ?? []);
}

const yesses = fc.constantFrom<unknown[]>(true, true, true, true, 'true', 'Yes ', 'TRUE', 'on', 'yes', 1, '1', ' True');
const noes = fc.constantFrom<unknown[]>(false, false, false, false, 'false', 'No', 'off', 0, '0', ' OFF ');
const neither = fc.constantFrom<unknown[]>('', null, undefined, [], {}, 'maybe', 2, -1, ' ', 'ja', 'truee', [true]);

const styles = fc.constantFrom<Style[]>('literal', 'literal', 'plain', 'plain', 'plain', 'long', 'text');

/** A yes-or-no option; `lean` is its usual value. */
function yesOrNo(mood: Mood, lean: 'yes' | 'no'): fc.Arbitrary<OptionPlan> {
	const [most, others] = lean === 'yes' ? [yesses, noes] : [noes, yesses];
	const plain = fc.constant<unknown>(lean === 'yes');
	const value = oneof([100 - mood.oddOptions, plain], [mood.oddOptions, most], [mood.oddOptions / 3, others], [mood.oddOptions / 2, neither]);
	return fc.record({ style: styles, values: fc.array(value, { minLength: 1, maxLength: 3 }) });
}

/** Of one value for all items. */
function literal({ values }: OptionPlan): OptionPlan {
	return { style: 'literal', values };
}

const contactLists: fc.Arbitrary<ContactListPlan> = fc.record({
	as: fc.constantFrom<Array<ContactListPlan['as']>>('array', 'array', 'objects', 'items', 'text', 'lines'),
	entries: fc.array(
		oneof<ContactListPlan['entries'][number]>(
			[6, fc.record({ row: fc.integer({ min: 0, max: 5 }), form: fc.constantFrom<Array<'asGiven' | 'contactKey' | 'chat' | 'plus' | 'number' | 'whatsApp'>>('asGiven', 'contactKey', 'chat', 'plus', 'number', 'whatsApp') })],
			[4, recipients.map((given) => ({ given }))],
			[1, fc.constantFrom<unknown[]>('', null, 'n/a', {}, 'nobody').map((given) => ({ given }))],
		),
		{ maxLength: 4 },
	),
	/** Instead of the entries. */
	nothing: oneof<ContactListPlan['nothing']>([30, fc.constant(undefined)], [1, fc.constantFrom('null' as const, 'blank' as const)]),
});

function oneOf(...values: unknown[]): fc.Arbitrary<OptionPlan> {
	return fc.record({ style: fc.constantFrom<Style[]>('literal', 'literal', 'plain'), values: fc.constantFrom(...values).map((value) => [value]) });
}

const names = fc.constantFrom<unknown[]>('Ana', 'Alexey', 'Jo\u00e3o "J" Silva', 'O\u2019Neil', '\u738b\u5c0f\u660e', 42);
const oddTexts = fc.constantFrom<unknown[]>('', null, '   ', '\u200b', undefined, {}, [], ['x'], true, 0, 'line\nbreak', 'tab\tand     spaces', 'x'.repeat(1100), '{{1}}', '={{ 1 }}');

function rows(mood: Mood): fc.Arbitrary<Row[]> {
	const text = oneof([100 - mood.oddValues, names], [mood.oddValues, oddTexts]);
	const row = fc.record({
		phone: oneof<unknown>([100 - mood.oddPhones, plainRecipients], [mood.oddPhones, recipients]),
		customerName: text,
		reference: oneof<'text' | 'number' | 'sign' | 'none'>([100 - mood.oddValues, fc.constantFrom('text', 'number', 'sign')], [mood.oddValues / 3, fc.constant('none')]),
		productName: text,
		nextStep: text,
		/** A duplicate of the previous row, as in real lists. */
		isAgain: percent(4),
	});
	const few = fc.array(row, { minLength: 1, maxLength: mood.most }).map((given) => {
		const made: Row[] = [];
		for (const [index, { reference, isAgain, ...rest }] of given.entries()) {
			const ref = 100_000 + index;
			const orderReference = { text: String(ref), number: ref, sign: `#${ref}`, none: '' }[reference];
			made.push(isAgain && index > 0 ? made[index - 1]! : { ref, orderReference, ...rest });
		}
		return made;
	});
	const many = oneof([4, fc.integer({ min: 60, max: 110 })], [1, fc.integer({ min: 110, max: 300 })]).map((count) =>
		Array.from({ length: count }, (_, index): Row => ({
			ref: 100_000 + index,
			phone: `+1202555${String(index).padStart(4, '0')}`,
			customerName: 'Ana',
			orderReference: 100_000 + index,
			productName: 'Shelf',
			nextStep: 'We ship it',
		})),
	);
	return oneof([100 - mood.large, few], [mood.large, many]);
}

const operations = fc.constantFrom<SendOperation[]>('sendStockArrivalTemplate', 'sendStockArrivalTemplate', 'sendStockArrivalTemplate', 'sendText', 'sendTemplate');

function sendNode(mood: Mood): fc.Arbitrary<NodePlan> {
	return fc
		.record({
			operation: operations,
			rows: rows(mood),
			phoneStyle: fc.constantFrom<Array<'literal' | 'plain' | 'long'>>('plain', 'plain', 'plain', 'long', 'literal'),
			options: fc.record({
				dryRun: sometimes(mood.dryRun, yesOrNo(mood, 'yes')),
				sendOnce: sometimes(mood.sendOnce, yesOrNo(mood, 'yes')),
				sendAgain: sometimes(mood.sendOnce / 12, yesOrNo(mood, 'yes')),
				optedIn: sometimes(mood.dryRun, yesOrNo(mood, 'yes')),
				simplify: sometimes(4, yesOrNo(mood, 'yes')),
				includeInputFields: sometimes(mood.logRows / 2, yesOrNo(mood, 'yes')),
				output: sometimes(mood.logRows, oneOf('logRow', 'logRow', 'logRow', 'standard').map(literal)),
				defaultCountry: sometimes(mood.defaultCountry, countryCodes.map((code): OptionPlan => ({ style: 'literal', values: [code] }))),
				sendOnceKey: sometimes(
					mood.sendOnce / 10,
					fc.record({ style: fc.constantFrom<Style[]>('plain', 'literal', 'text'), values: fc.array(fc.constantFrom<unknown[]>('K1', 'K2', 'K3', 7, '', ' K1 '), { minLength: 1, maxLength: 4 }) }),
				),
				waitUntil: sometimes(mood.waits, oneOf('sent', 'delivered', 'read', 'final', 'none')),
				waitTimeout: sometimes(mood.waits, oneOf(0, 1, 2, 5, 20, '3')),
				retryFor: sometimes(80, oneOf(0, 1, 5, 20)),
				timeout: sometimes(50, oneOf(1, 5, 10, '4')),
				messagesPerSecond: sometimes(mood.pace, oneOf(0.5, 1, 5, 20)),
				maxConcurrency: sometimes(mood.pace, oneOf(1, 2, 10)),
			}),
			lists: sometimes(mood.lists, fc.record({ style: fc.constantFrom<Style[]>('literal', 'plain', 'long'), values: fc.array(contactLists, { minLength: 1, maxLength: 3 }) })),
			version: fc.constantFrom<Array<NodePlan['version']>>(2, 1),
			fields: fc.record({
				dryRun: sometimes(mood.dryRun, yesOrNo(mood, 'yes')),
				sendOnce: sometimes(mood.sendOnce, yesOrNo(mood, 'yes')),
				optedIn: sometimes(mood.dryRun, yesOrNo(mood, 'yes')),
				waitUntil: sometimes(mood.waits, oneOf('sent', 'delivered', 'read', 'final', 'none')),
				waitTimeout: sometimes(mood.waits, oneOf(0, 1, 2, 5, 20, '3')),
			}),
			byHand: percent(7),
			templateMode: fc.constantFrom<Array<NodePlan['templateMode']>>('list', 'name', 'name', 'nameOnly'),
			changing: percent(mood.changing),
			onError: sometimes(mood.continues, fc.constantFrom<Array<NodePlan['onError']>>('continueRegularOutput', 'continueErrorOutput')),
			retry: sometimes(mood.retry, fc.record({ maxTries: fc.integer({ min: 2, max: 4 }), waitBetweenTries: fc.constantFrom(0, 100, 1000) })),
			runs: oneof([9, fc.constant(1)], [1, fc.integer({ min: 2, max: 3 })]),
		})
		.map(({ byHand, lists, options, fields, ...node }) => {
			const isLarge = node.rows.length > MAX_OF_FEW;
			if (lists) Object.assign(options, { doNotContact: { style: lists.style, values: lists.values.map((list) => listOf(list, node.rows)) } });
			if (byHand) Object.assign(options, { languageCode: { style: 'literal', values: ['en'] }, namespace: { style: 'literal', values: ['ns-1'] } });
			// A large world with one customer would take minutes.
			return { ...node, ...(isLarge && { phoneStyle: 'plain' }), options: withoutUndefined(options), fields: node.version === 1 ? {} : withoutUndefined(fields) };
		});
}

/** A node that queries messages of earlier nodes. */
function questionNode(mood: Mood): fc.Arbitrary<NodePlan> {
	return fc
		.record({
			operation: fc.constantFrom<Array<'findSentMessage' | 'getMessageStatus'>>('findSentMessage', 'getMessageStatus'),
			version: fc.constantFrom<Array<NodePlan['version']>>(2, 1),
			options: fc.record({
				defaultCountry: sometimes(mood.defaultCountry, countryCodes.map((code): OptionPlan => ({ style: 'literal', values: [code] }))),
				simplify: sometimes(6, yesOrNo(mood, 'yes')),
				timeout: sometimes(50, oneOf(1, 5)),
				output: sometimes(mood.logRows, oneOf('logRow').map(literal)),
				waitUntil: sometimes(mood.waits, oneOf('sent', 'delivered', 'read', 'final')),
				waitTimeout: sometimes(mood.waits, oneOf(0, 1, 2, 5)),
			}),
			onError: fc.constantFrom<Array<NodePlan['onError']>>(undefined, 'continueRegularOutput', 'continueErrorOutput'),
		})
		.map(({ options, ...node }) => ({ ...node, options: withoutUndefined(options), fields: {}, rows: [], phoneStyle: 'plain' as const, templateMode: 'name' as const, changing: false, runs: 1 }));
}

function withoutUndefined<T extends object>(options: T): NodePlan['options'] {
	return Object.fromEntries(Object.entries(options).filter(([, plan]) => plan !== undefined)) as NodePlan['options'];
}

function moments(mood: Mood): fc.Arbitrary<Moment[]> {
	const start = fc.record({ do: fc.constant('start' as const), node: fc.integer({ min: 0, max: 1 }), testRecipient: sometimes(mood.testRecipient, testRecipients), process: sometimes(3, fc.constant('second' as const)) });
	const act = oneof<Act>(
		[60, start],
		[10, fc.constant({ do: 'crash' })],
		[5, fc.constant({ do: 'restart' })],
		[mood.cancels, fc.constant({ do: 'cancel' })],
		[mood.jumps, fc.constantFrom(-25_000, -3_600_000, -1000, 30_000, 7_200_000).map((by): Act => ({ do: 'jump', by }))],
	);
	const when = oneof<Moment['when']>([4, fc.constant('idle')], [2, fc.integer({ min: 0, max: 12 })], [3, fc.integer({ min: 0, max: 400 })], [1, fc.integer({ min: 0, max: 20_000 })]);
	const more = sometimes(mood.acts, fc.array(fc.record({ when, act }), { minLength: 1, maxLength: 4 }));
	return fc.record({ first: start, more }).map(({ first, more: others }) => [{ when: 0, act: { ...first, node: 0 } }, ...(others ?? [])]);
}

const reports = fc.array(
	fc.constantFrom<SendWorld['channel']['reports'][number][]>(
		[{ status: 'sent', after: 300 }, { status: 'delivered', after: 900 }, { status: 'read', after: 3000 }],
		[{ status: 'delivered', after: 1500 }],
		[{ status: 'sent', after: 100 }, { status: 'failed', after: 1000, errors: [{ code: 131026, title: 'Message undeliverable' }] }],
		[{ status: 'sent', after: 10_000 }],
		[],
	),
	{ minLength: 1, maxLength: 4 },
);

function channel(mood: Mood): fc.Arbitrary<SendWorld['channel']> {
	return fc
		.record({
			latency: fc.constantFrom(20, 100, 400),
			sends: faultList(mood.sendFaults, sendFaults, 14),
			everyone: sometimes(mood.everyone, everyone),
			limit: sometimes(mood.limit, fc.record({ perSecond: fc.constantFrom(1, 5, 20), burst: fc.constantFrom(1, 5), refusal: throttlings })),
			templates: faultList(mood.questionFaults / 3, questionFaults, 3),
			hookInfo: faultList(mood.questionFaults, questionFaults, 8),
			slowHookInfo: oneof([90, fc.constant(0)], [mood.questionFaults, fc.constantFrom(3000, 28_000)]),
			throttlesQueries: percent(mood.throttlesQueries),
			history: faultList(mood.questionFaults, questionFaults, 4),
			twin: fc.constantFrom<Array<SendWorld['channel']['twin']>>('none', 'none', 'none', 'none', 'rejectedBefore', 'rejectedAfter', 'paused'),
			hasOldNames: fc.boolean(),
			agents: sometimes(
				mood.agents,
				fc.array(
					fc.record<AgentMessage>({
						node: fc.integer({ min: 0, max: 1 }),
						row: fc.integer({ min: 0, max: 4 }),
						text: fc.constantFrom('Hello', 'Hello, Ana!', 'is now in stock.', 'Ana', 'We ship it', '.', ''),
						ago: fc.constantFrom(-500, -2000, 1000, 30_000, 100_000_000),
					}),
					{ minLength: 1, maxLength: 4 },
				),
			),
			reports,
		})
		.map(({ agents, everyone: all, limit, ...rest }) => ({ ...rest, agents: agents ?? [], ...(all && { everyone: all }), ...(limit && { limit: limit as NonNullable<SendWorld['channel']['limit']> }) }));
}

function worldOf(mood: Mood): fc.Arbitrary<SendWorld> {
	return fc
		.record({
			chance: fc.integer({ min: 1, max: 1_000_000 }),
			first: sendNode(mood),
			second: sometimes(mood.nodes, oneof([100 - mood.questions, sendNode(mood)], [mood.questions, questionNode(mood)])),
			when: moments(mood),
			slow: sometimes(mood.slowNeighbour, fc.record({ perSecond: fc.constantFrom(0.5, 1), after: fc.integer({ min: 0, max: 2000 }) })),
			channel: channel(mood),
			storeLatency: fc.constantFrom(1, 1, 1, 40, 150),
			store: faultList(mood.storeFaults, fc.constantFrom('throwsBefore' as const, 'throwsAfter' as const), 8),
		})
		.map(({ first, second, when, slow, ...rest }): SendWorld => {
			if (!second) return { ...rest, nodes: [first], moments: when };
			if (asks(second)) return { ...rest, nodes: [first, { ...second, rows: first.rows.slice(0, MAX_OF_FEW) }], moments: [...when, { when: 'idle', act: { do: 'start', node: 1 } }] };
			if (!slow) return { ...rest, nodes: [first, shiftRefs(second)], moments: when };
			const nodes = [withPace(first, slow.perSecond), shiftRefs(withPace(second, undefined))];
			return { ...rest, nodes, moments: [...when, { when: slow.after, act: { do: 'start', node: 1 } }] };
		});
}

function withPace(node: NodePlan, perSecond: number | undefined): NodePlan {
	const options = { ...node.options, messagesPerSecond: perSecond === undefined ? undefined : { style: 'literal' as const, values: [perSecond] } };
	return { ...node, options: withoutUndefined(options) };
}

/** References are unique per node, so that a message identifies its sender. */
function shiftRefs(node: NodePlan): NodePlan {
	const shift = 1000;
	const moved = new Map(node.rows.map((row) => [row, { ...row, ref: row.ref + shift, orderReference: movedReference(row.orderReference, row.ref, row.ref + shift) }]));
	return { ...node, rows: node.rows.map((row) => moved.get(row)!) };
}

function movedReference(given: unknown, from: number, to: number): unknown {
	return typeof given === 'number' ? to : typeof given === 'string' ? given.replace(String(from), String(to)) : given;
}

export const sendWorldArbitrary: fc.Arbitrary<SendWorld> = fc.oneof(...MOODS.map(({ weight, mood }) => ({ weight, arbitrary: worldOf(mood) })));

