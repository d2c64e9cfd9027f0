import { useChannel } from '../support/channel.cjs';
import { LINE, workflow } from '../support/line.cjs';
import { loadPackage } from '../support/package.cjs';
import { ack, ALL_STATUSES, post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);

/** n8n 1.123 has no other way to answer when the workflow has finished. */
const PER_HOOK = LINE === 'n8n-1' ? 1 : 0;

let evaluated: jest.SpyInstance;
beforeEach(() => (evaluated = jest.spyOn(workflow.Expression.prototype as unknown as { renderExpression: () => unknown }, 'renderExpression')));
afterEach(() => evaluated.mockRestore());

// Evaluating one costs a hook as much as all else that n8n does for it (n8n 2.41 prepares an isolate).
describe.each([1, 2, 3])('the trigger of version %i', (typeVersion) => {
	test.each([
		['starts an execution', {}, true],
		['starts an execution of log rows, gathered', { options: { output: 'logRow', gatherFor: 1, skipLate: false } }, true],
		['answers when the workflow has finished', { respond: 'whenFinished' }, true],
		['starts none for a status that nobody chose', { statuses: ['read'] }, false],
	])('%s without an expression', async (_, parameters, starts) => {
		const { trigger, url } = await active({ events: ['messageStatus'], ...ALL_STATUSES, ...parameters }, { typeVersion });
		evaluated.mockClear();
		expect(await post(url, { ack: [ack('delivered')] })).toBe(200);
		expect(trigger.executions).toHaveLength(starts ? 1 : 0);
		expect(evaluated.mock.calls.length).toBeLessThanOrEqual(PER_HOOK);
	});
});

test('no field of the webhook but when to answer is an expression', async () => {
	const { oneMsgTrigger } = await loadPackage();
	const [webhook] = oneMsgTrigger.description.webhooks!;
	const expressions = Object.entries(webhook!).filter(([, value]) => typeof value === 'string' && value.startsWith('='));
	expect(expressions.map(([name]) => name)).toEqual(['responseMode']);
});
