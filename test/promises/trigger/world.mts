/** A world with triggers: one channel, n8n installations, other programs, and their events. */
import fc from 'fast-check';
import type { Fault } from '../faults.mts';
import type { ListStyle, Operation } from './channel.mts';
import type { HostSetup, Mode, NodeSetup } from './installation.mts';
import { messageIdOf, report, type Report } from './reports.mts';

/** Fault of a step's nth request of a kind. */
export interface StepFault {
	operation: Operation;
	nth: number;
	fault: Fault;
}

/** A change of the list by another program. */
export type Change =
	| { change: 'add'; url: number }
	| { change: 'remove'; index: number }
	/** Writes back a list read that many versions ago. */
	| { change: 'restore'; ago: number }
	| { change: 'clear' }
	/** The channel's breaker disables a listed URL. */
	| { change: 'disable'; index: number };

/** Secret of a forged call. */
export type ForgedSecret = 'none' | 'empty' | 'wrong' | 'almost' | 'former' | 'otherNode' | 'otherHost' | 'twice' | 'listed' | 'nested';

export type Deed =
	| { do: 'activate'; host: number; workflow: number; isStart: boolean }
	| { do: 'deactivate'; host: number; workflow: number }
	| { do: 'listen'; host: number; node: number }
	| { do: 'stopListening'; host: number; node: number }
	| { do: 'restart'; host: number; how: 'quietly' | 'stopping' | 'crashing'; isActivating: boolean }
	| { do: 'move'; host: number; isActivating: boolean }
	| { do: 'forget'; host: number; workflow: number }
	| { do: 'copy'; from: number; to: number; isActivating: boolean }
	| { do: 'other'; change: Change }
	/** The channel posts to all of our URLs on its list, this often and this late. */
	| { do: 'report'; report: Report; times: number; after: number; byMain: boolean }
	| { do: 'forge'; host: number; node: number; mode: Mode; secret: ForgedSecret; report: Report; byMain: boolean };

export interface Step {
	/** Milliseconds after the previous step, or once all is quiet. */
	after: number | 'quiet';
	deed: Deed;
	faults: StepFault[];
	/** Events after a request took effect but before its answer arrives. */
	meanwhile: Array<{ request: number; deed: Extract<Deed, { do: 'other' | 'report' | 'forge' }> }>;
}

export interface KnownPlan {
	message: number;
	status: string;
	timestamp: number;
	code?: number;
	isLate: boolean;
}

export interface TriggerWorld {
	urls: string[];
	style: ListStyle;
	latency: number;
	readsSettings: boolean;
	writesSettings: boolean;
	areAcksOn: boolean;
	known: KnownPlan[];
	nodes: NodeSetup[];
	hosts: HostSetup[];
	/** Whether the first installation's workflows start active. */
	isActive: boolean;
	steps: Step[];
}

export const PRODUCTION = 'https://n8n.shop.example';

/** URLs of other programs: with secrets, similar to each other, some close to ours. */
export const OTHERS = [
	'https://app.1msg.io/service/inbox/1',
	'https://app.1msg.io/service/inbox/1/',
	'https://app.1msg.io/service/Inbox/1',
	'https://crm.shop.example/hook?secret=crm-secret-0001&ids=1,2',
	'https://crm.shop.example/hook?secret=crm-secret-0002&ids=1,2',
	'https://crm.shop.example/hook?token=crm-secret-0003#here',
	'http://192.0.2.7:8080/in?key=a%20b&list[]=1',
	`${PRODUCTION}/webhook/4f1c2a90-0000-4000-8000-0000000000ff/1msg?secret=another-workflow-1`,
	`${PRODUCTION}/webhook/4F1C2A90-0000-4000-8000-000000000000/1msg?secret=another-workflow-2`,
	`${PRODUCTION}/webhook/4f1c2a90-0000-4000-8000-000000000000/1msg/more?secret=another-workflow-3`,
	`${PRODUCTION}/webhook/4f1c2a90-0000-4000-8000-000000000000?secret=another-workflow-4`,
	'https://old.shop.example/webhook/4f1c2a90-0000-4000-8000-000000000000/1msg?secret=moved-away-1',
	'http://n8n.shop.example/webhook/4f1c2a90-0000-4000-8000-000000000000/1msg?secret=plain-http-1',
];

const ADDRESSES = [
	PRODUCTION,
	'https://staging.shop.example',
	'https://n8n.shop.example:8443',
	`${PRODUCTION}/staging`,
	'http://localhost:5678',
	'https://N8N.Laptop.Example',
];

const refused = (status: number, body: unknown): Fault => ({ kind: 'refused', status, body: typeof body === 'string' ? body : JSON.stringify(body), stops: 'may' });

const fault: fc.Arbitrary<Fault> = fc.oneof(
	fc.constantFrom<Fault>(
		refused(404, { error: 'Not found' }), refused(500, { error: 'internal error' }), refused(401, { error: 'Wrong token' }), refused(429, { error: 'too many requests' }),
		refused(502, '<html>Bad gateway</html>'), { kind: 'unreached', code: 'ECONNREFUSED' },
	),
	fc.record({ kind: fc.constantFrom<'cut' | 'silence'>('cut', 'silence'), taken: fc.boolean() }),
	fc.record({ kind: fc.constant('half' as const), status: fc.constant(200), taken: fc.boolean() }),
	fc.record({ kind: fc.constant('late' as const), after: fc.constantFrom(300, 900, 3000, 9000, 40_000) }),
	fc.record({
		kind: fc.constant('nonsense' as const), status: fc.constant(200), taken: fc.boolean(),
		body: fc.constantFrom('', 'null', '<html></html>', '[]', '"text"', '{"webhookUrl":7}', '{"webhookUrl":{"0":"https://x.example"}}', '{"error":"internal error"}'),
	}),
);

const faultsOn = (operations: Operation[], most: number, kind: fc.Arbitrary<Fault>) =>
	fc.oneof(
		{ weight: 3, arbitrary: fc.constant<StepFault[]>([]) },
		{ weight: 1, arbitrary: fc.array(fc.record({ operation: fc.constantFrom(...operations), nth: fc.nat({ max: most }), fault: kind }), { minLength: 1, maxLength: 3 }) },
	);
const actionFaults = faultsOn(['readList', 'readList', 'writeList', 'writeList', 'readSettings', 'writeSettings'], 3, fault);
/** hookInfo answers about someone else's message. */
const othersReport: Fault = {
	kind: 'nonsense', status: 200, taken: false,
	body: JSON.stringify({ hooks: ['sent', 'delivered', 'read', 'failed'].map((status) => ({ id: 'wamid.somebody-elses', type: 'message', status, timestamp: '1795000000' })) }),
};
/** Calls a hook may make: the list, and hookInfo. */
const hookFaults = faultsOn(['readList', 'hookInfo', 'hookInfo'], 1, fc.oneof({ weight: 8, arbitrary: fault }, { weight: 1, arbitrary: fc.constant(othersReport) }));

const anyIndex = fc.nat({ max: 2 });
const change: fc.Arbitrary<Change> = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ change: fc.constant('add' as const), url: fc.nat({ max: OTHERS.length - 1 }) }) },
	{ weight: 2, arbitrary: fc.record({ change: fc.constant('remove' as const), index: fc.nat({ max: 4 }) }) },
	{ weight: 1, arbitrary: fc.record({ change: fc.constant('restore' as const), ago: fc.integer({ min: 1, max: 3 }) }) },
	{ weight: 1, arbitrary: fc.record({ change: fc.constant('clear' as const) }) },
	{ weight: 3, arbitrary: fc.record({ change: fc.constant('disable' as const), index: fc.nat({ max: 4 }) }) },
);

const otherDeed = fc.record({ do: fc.constant('other' as const), change });
const reportDeed = fc.record({
	do: fc.constant('report' as const), report, byMain: fc.boolean(),
	times: fc.constantFrom(1, 1, 1, 2, 3, 12), after: fc.constantFrom(0, 0, 0, 40, 500, 5000),
});
const forgeDeed = fc.record({
	do: fc.constant('forge' as const), host: anyIndex, node: anyIndex, mode: fc.constantFrom<Mode>('production', 'production', 'test'), report, byMain: fc.boolean(),
	secret: fc.constantFrom<ForgedSecret>('none', 'empty', 'wrong', 'almost', 'former', 'former', 'otherNode', 'otherHost', 'twice', 'listed', 'nested'),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
	{ weight: 8, arbitrary: reportDeed },
	{ weight: 4, arbitrary: forgeDeed },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('activate' as const), host: anyIndex, workflow: fc.nat({ max: 1 }), isStart: fc.boolean() }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('deactivate' as const), host: anyIndex, workflow: fc.nat({ max: 1 }) }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('listen' as const), host: anyIndex, node: anyIndex }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('stopListening' as const), host: anyIndex, node: anyIndex }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), host: anyIndex, how: fc.constantFrom('quietly', 'stopping', 'crashing'), isActivating: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), host: anyIndex, isActivating: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), host: anyIndex, workflow: fc.nat({ max: 1 }) }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('copy' as const), from: anyIndex, to: anyIndex, isActivating: fc.boolean() }) },
	{ weight: 3, arbitrary: otherDeed },
);

const after = fc.oneof({ weight: 3, arbitrary: fc.constant('quiet' as const) }, { weight: 2, arbitrary: fc.constantFrom(0, 5, 60, 200, 500, 1500, 5000, 130_000) });

const isHook = (one: Deed) => one.do === 'report' || one.do === 'forge';

const step: fc.Arbitrary<Step> = fc
	.record({
		after,
		deed,
		actionFaults,
		hookFaults,
		meanwhile: fc.oneof(
			{ weight: 3, arbitrary: fc.constant<Step['meanwhile']>([]) },
			{ weight: 1, arbitrary: fc.array(fc.record({ request: fc.nat({ max: 5 }), deed: fc.oneof(otherDeed, reportDeed, forgeDeed) }), { minLength: 1, maxLength: 2 }) },
		),
	})
	.map(({ actionFaults: action, hookFaults: hook, ...rest }) => ({ ...rest, faults: isHook(rest.deed) ? hook : action }));

/** Rare by chance: a registration is lost, copied or received by another process, then renewed, and the old secret returns. */
const renewal: fc.Arbitrary<Step[]> = fc
	.record({
		host: anyIndex, workflow: fc.nat({ max: 1 }), from: anyIndex, begin: fc.constantFrom('copy', 'forget', 'none', 'none'), report, byMain: fc.boolean(), after,
		end: fc.constantFrom<ForgedSecret>('former', 'former', 'otherHost', 'wrong'), node: anyIndex, hookFaults,
	})
	.map(({ host, workflow, from, begin, report: told, byMain, after: pause, end, node: which, hookFaults: wrong }): Step[] => {
		const deeds: Deed[] = [
			...(begin === 'copy' ? [{ do: 'copy' as const, from, to: host, isActivating: true }] : begin === 'forget' ? [{ do: 'forget' as const, host, workflow }] : []),
			{ do: 'report', report: told, times: 1, after: 0, byMain },
			{ do: 'deactivate', host, workflow },
			{ do: 'activate', host, workflow, isStart: false },
			{ do: 'forge', host, node: which, mode: 'production', secret: end, report: told, byMain },
			{ do: 'report', report: told, times: 1, after: 0, byMain },
		];
		return deeds.map((one) => ({ after: pause, deed: one, faults: isHook(one) ? wrong : [], meanwhile: [] }));
	});

/** Listening restarts for a test event, and the old secret arrives meanwhile. */
const secondTest: fc.Arbitrary<Step[]> = fc
	.record({ host: anyIndex, node: anyIndex, report, byMain: fc.boolean(), request: fc.nat({ max: 5 }) })
	.map(({ host, node: which, report: told, byMain, request }): Step[] => [
		{ after: 'quiet', deed: { do: 'listen', host, node: which }, faults: [], meanwhile: [] },
		{ after: 'quiet', deed: { do: 'report', report: told, times: 1, after: 0, byMain }, faults: [], meanwhile: [] },
		{
			after: 'quiet', deed: { do: 'listen', host, node: which }, faults: [],
			meanwhile: [{ request, deed: { do: 'forge', host, node: which, mode: 'test', secret: request < 2 ? 'otherHost' : 'former', report: told, byMain } }],
		},
	]);

/** n8n is stopped, or the workflow deactivated, while events gather; some come again in another window, and in another order. */
const gatheringEnds: fc.Arbitrary<Step[]> = fc
	.record({
		host: anyIndex, workflow: fc.nat({ max: 1 }), reports: fc.array(report, { minLength: 2, maxLength: 5 }), byMain: fc.boolean(), pauses: fc.array(fc.constantFrom(0, 5, 60, 200, 1500), { minLength: 10, maxLength: 10 }),
		end: fc.constantFrom('stopping', 'stopping', 'deactivate', 'activate', 'none'),
	})
	.map(({ host, workflow, reports, byMain, pauses, end }): Step[] => {
		const told = (one: Report, index: number): Step => ({ after: index === 0 ? 'quiet' : pauses[index]!, deed: { do: 'report', report: one, times: 1, after: 0, byMain }, faults: [], meanwhile: [] });
		const again = [...reports].reverse();
		const ended: Deed[] = end === 'none' ? [] : end === 'stopping' ? [{ do: 'restart', host, how: end, isActivating: true }] : [{ do: end, host, workflow, isStart: false }];
		return [told(reports[0]!, 0), ...[...reports, ...again].map((one, index) => told(one, index)), ...ended.map((deed): Step => ({ after: 60, deed, faults: [], meanwhile: [] }))];
	});

const steps = fc
	.array(fc.oneof({ weight: 24, arbitrary: step.map((one) => [one]) }, { weight: 2, arbitrary: renewal }, { weight: 2, arbitrary: gatheringEnds }, { weight: 1, arbitrary: secondTest }), { minLength: 1, maxLength: 12, size: 'medium' })
	// Shrinking drops the first steps first; steps after the broken one are useless.
	.map((some) => some.reverse().flat());

const mostlyAll = (all: string[]) => fc.oneof({ weight: 3, arbitrary: fc.constant(all) }, { weight: 1, arbitrary: fc.subarray(all, { minLength: 1 }) });

const node: fc.Arbitrary<NodeSetup> = fc.record({
	workflow: fc.nat({ max: 1 }),
	typeVersion: fc.constantFrom(3, 2, 1),
	parameters: fc.record({
		events: mostlyAll(['messageStatus', 'messageReceived', 'messageEchoed']),
		statuses: mostlyAll(['sent', 'delivered', 'read', 'failed']),
		respond: fc.constantFrom('immediately', 'immediately', 'immediately', 'whenFinished'),
		options: fc.record({ confirmWithApi: fc.constantFrom(true, false, false), gatherFor: fc.constantFrom(0, 0.2, 1, 5), includeRaw: fc.boolean(), skipRepeats: fc.boolean(), skipLate: fc.boolean() }, { requiredKeys: [] }),
	}),
	runTakes: fc.constantFrom(0, 50, 4000),
	failingRuns: fc.constantFrom(0, 0, 1, 2),
	startTakes: fc.constantFrom(0, 0, 30, 1500),
	givesUp: fc.boolean(),
	unstartable: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: fc.subarray([0, 1, 2, 3, 4, 5]) }),
});

const host: fc.Arbitrary<HostSetup> = fc.record({ address: fc.constantFrom(PRODUCTION, ...ADDRESSES), isQueueMode: fc.boolean(), saveAfter: fc.constantFrom(0, 20, 700, 4000) });

export const triggerWorld: fc.Arbitrary<TriggerWorld> = fc.record({
	urls: fc.oneof({ weight: 6, arbitrary: fc.subarray(OTHERS, { maxLength: 3 }) }, { weight: 1, arbitrary: fc.subarray(OTHERS, { minLength: 4, maxLength: 5 }) }),
	style: fc.record({
		none: fc.constantFrom<ListStyle['none']>('list', 'null', 'missing', 'text'),
		one: fc.constantFrom<ListStyle['one']>('list', 'text'),
		several: fc.constantFrom<ListStyle['several']>('list', 'joined'),
		states: fc.constantFrom<ListStyle['states']>('statuses', 'statuses', 'disabledOnly', 'none'),
	}),
	latency: fc.constantFrom(20, 100, 250),
	readsSettings: fc.constantFrom(true, true, true, true, true, true, false),
	writesSettings: fc.constantFrom(true, true, true, true, true, true, false),
	areAcksOn: fc.boolean(),
	known: fc.array(
		fc.record({
			message: fc.nat({ max: 4 }), status: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'viewed'),
			timestamp: fc.integer({ min: 1_795_000_000, max: 1_795_400_000 }), isLate: fc.boolean(),
		}).map((known): KnownPlan => ({ ...known, ...(known.status === 'failed' && { code: 131026 }) })),
		{ maxLength: 6 },
	),
	nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
	hosts: fc.uniqueArray(host, { selector: ({ address }) => address, minLength: 1, maxLength: 3 }),
	isActive: fc.constantFrom(true, true, true, true, false),
	steps,
});

/** The world in readable form. */
export function show({ steps: all, nodes, hosts, known, ...rest }: TriggerWorld): string {
	const line = (value: unknown) => JSON.stringify(value);
	return [
		...Object.entries(rest).map(([name, value]) => `${name}: ${line(value)}`),
		...(known.length > 0 ? [`hookInfo knows: ${line(known.map(({ message, ...what }) => ({ messageId: messageIdOf(message), ...what })))}`] : []),
		...nodes.map((value, index) => `node ${index}: ${line(value)}`),
		...hosts.map((value, index) => `host ${index}: ${line(value)}`),
		...all.map(({ after: pause, deed: what, faults: wrong, meanwhile }, index) =>
			[`step ${index}: ${pause === 'quiet' ? 'when quiet' : `${pause} ms later`} ${line(what)}`, ...(wrong.length > 0 ? [`faults ${line(wrong)}`] : []), ...(meanwhile.length > 0 ? [`meanwhile ${line(meanwhile)}`] : [])].join(' '),
		),
	].join('\n');
}
