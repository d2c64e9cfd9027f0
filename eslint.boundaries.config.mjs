// Imports go one way, and the core has no clock and no chance of its own (docs/contributing.md, "The structure").
import tseslint from 'typescript-eslint';

/** What each folder of the core may import besides the leaves at its top. */
const CORE = {
	channel: [],
	events: ['failure', 'recipient', 'status'],
	failure: [],
	outcome: ['failure'],
	pacing: ['outcome'],
	recipient: [],
	status: ['failure', 'outcome', 'recipient'],
	stockArrival: ['outcome', 'template'],
	template: [],
	webhooks: [],
};

const within = (files, restrictions, more = {}) => ({
	files,
	languageOptions: { parser: tseslint.parser },
	rules: { 'no-restricted-imports': ['error', { patterns: restrictions.map(([regex, message]) => ({ regex, message })) }], ...more },
});
const NO_N8N = ['^n8n-workflow$|/(shared|OneMsg|OneMsgTrigger)/', 'The core knows nothing of n8n and of the nodes.'];
const NO_TRIGGER = ['/OneMsgTrigger/', 'The two nodes do not import each other.'];
const NO_OPERATIONS = ['/(methods|resources/(?!shared/))', 'Only leaves of resources/shared are imported here.'];
const NO_CLOCK = {
	'no-restricted-properties': ['error', ...[['Date', 'now'], ['Math', 'random'], ['performance', 'now']].map(([object, property]) => ({ object, property, message: 'Time and chance come in as arguments.' }))],
};

export default [
	within(['nodes/core/*.ts'], [NO_N8N, ['^\\./[A-Za-z]+/', 'The leaves of the core import no folder of it.']], NO_CLOCK),
	...Object.entries(CORE).map(([folder, allowed]) =>
		within([`nodes/core/${folder}/*.ts`], [NO_N8N, [`^\\.\\./(?!(?:${[...allowed, '-'].join('|')})/)[A-Za-z]+/`, `core/${folder} may import only ${allowed.join(', ') || 'the leaves at the top'}.`]], NO_CLOCK),
	),
	within(['nodes/shared/*.ts'], [['/(OneMsg|OneMsgTrigger)/', 'What both nodes share knows neither of them.']]),
	within(['nodes/OneMsgTrigger/*.ts'], [['/OneMsg/', 'The two nodes do not import each other.']]),
	within(['nodes/OneMsg/*.ts', 'nodes/OneMsg/methods/*.ts', 'nodes/OneMsg/resources/*/*.ts'], [NO_TRIGGER]),
	within(['nodes/OneMsg/sending/**/*.ts'], [NO_TRIGGER, NO_OPERATIONS]),
	within(['nodes/OneMsg/querying/*.ts'], [NO_TRIGGER, NO_OPERATIONS, ['/sending/', 'A question knows nothing of sending.']]),
	within(['nodes/OneMsg/resources/shared/*.ts'], [NO_TRIGGER, ['/(sending|querying|methods|message|template/|channel/index)/', 'Leaves import none of what uses them.']]),
	within(['sandbox/**/*.mts'], [['/(nodes|credentials|harness|demo|test|tools)/', 'The sandbox is a second reading of the contract: it imports nothing outside itself.']]),
	within(['harness/**/*.mts'], [['/(demo|test)/', 'The harness knows neither the demo nor the tests.']]),
];
