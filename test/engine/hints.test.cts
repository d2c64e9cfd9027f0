import type { IDataObject, INodeParameters, NodeExecutionHint } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';

const channel = useChannel();
const TEST_RECIPIENT = '+1 202 555 0123';
const phones = (count: number): IDataObject[] => Array.from({ length: count }, (_, index) => ({ phone: `+1202555010${index}` }));

/** The hints of a run in one of the Continue modes. */
async function hintsOf(parameters: INodeParameters, more: Partial<NodeRun> = {}): Promise<NodeExecutionHint[]> {
	const { run } = await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', ...parameters }), credential: channel.credential, items: phones(2), onError: 'continueRegularOutput', ...more });
	const hints = run.data.resultData.runData.Send!.at(-1)!.hints ?? [];
	for (const { message, location } of hints) {
		expect(location).toBe('outputPane');
		expect(message).not.toContain(channel.sandbox.token);
		expect(message).not.toMatch(/\d{7}/);
	}
	return hints;
}
const messagesOf = async (...run: Parameters<typeof hintsOf>) => (await hintsOf(...run)).map(({ message }) => message);

test('a run without anything to tell has no hint', async () => {
	expect(await hintsOf({})).toEqual([]);
});

describe('the Test Recipient', () => {
	const credential = () => ({ ...channel.credential, testRecipient: TEST_RECIPIENT });

	test('got all messages', async () => {
		expect(await hintsOf({}, { credential: credential() })).toEqual([
			{ message: "All 2 messages went to the credential's Test Recipient, not to customers.", type: 'warning', location: 'outputPane' },
		]);
	});

	test('got one that was meant for another', async () => {
		expect(await messagesOf({}, { credential: credential(), items: [{ phone: TEST_RECIPIENT }, ...phones(1)] })).toEqual(["One message went to the credential's Test Recipient, not to the customer."]);
	});

	test('got nothing that was refused', async () => {
		await channel.script({ path: 'sendTemplate', times: 'forever', answers: [{ status: 400, body: { sent: false, message: 'wrong file' } }] });
		expect(await messagesOf({}, { credential: credential() })).toEqual(['2 of 2 items were not sent: 2 × wrong-file.']);
	});
});

describe('a dry run', () => {
	test('sent nothing', async () => {
		expect(await hintsOf({ options: { dryRun: true } }, { credential: { ...channel.credential, testRecipient: TEST_RECIPIENT } })).toEqual([
			{ message: 'Dry Run is on: nothing was sent.', type: 'info', location: 'outputPane' },
		]);
	});

	test('of some items', async () => {
		expect(await messagesOf({ options: { dryRun: '={{ $itemIndex === 0 }}' } })).toEqual(['Dry Run is on for 1 of 2 items: they were not sent.']);
	});
});

describe('what was not sent', () => {
	test('is counted by reason, the most frequent first, whichever output has it', async () => {
		const items = [...phones(1), { phone: 'nobody' }, { phone: 'nothing' }];
		for (const [parameters, onError] of [[{}, 'continueErrorOutput'], [{ options: { output: 'logRow' } }, undefined]] as const) {
			await channel.script({ path: 'sendTemplate', answers: [{ status: 400, body: { error: { code: 131026, message: 'Message undeliverable to 12025550100' } } }] });
			expect(await hintsOf(parameters, { items, onError })).toEqual([
				{ message: '3 of 3 items were not sent: 2 × invalid-recipient, 1 × 131026 (Message undeliverable).', type: 'warning', location: 'outputPane' },
			]);
		}
	});

	test('names five reasons at most', async () => {
		const answers = [131026, 131030, 131051, 131053, 132012, 132018].map((code) => ({ status: 400, body: { error: { code } } }));
		await channel.script({ path: 'sendTemplate', answers });
		expect((await messagesOf({ options: { maxConcurrency: 1 } }, { items: phones(6) }))[0]).toMatch(/^6 of 6 items were not sent: (?:1 × \d+ \([^)]+\), ){5}1 for other reasons\.$/);
	});

	test('is one item', async () => {
		expect(await messagesOf({}, { items: [...phones(1), { phone: '' }] })).toEqual(['1 of 2 items was not sent: 1 × invalid-phone.']);
	});
});

describe('values that lost line breaks', () => {
	const told = (count: string) => `WhatsApp allows no line breaks, tabs or long runs of spaces in a variable. ${count} single spaces instead.`;
	const coupon = (value: IDataObject, template = 'stock_coupon|en'): INodeParameters => ({ operation: 'sendTemplate', template: { __rl: true, mode: 'list', value: template }, variables: { mappingMode: 'defineBelow', value } as never });

	test.each<[string, INodeParameters, string[]]>([
		['in one message', { nextStep: '={{ $itemIndex === 0 ? "Monday\\nor Tuesday" : " Monday \\n" }}' }, [told('One message has')]],
		['in both', { productName: 'Oak\tshelf' }, [told('2 messages have')]],
		['by a run of spaces', { productName: 'Oak     shelf' }, [told('2 messages have')]],
		['by four spaces, which are allowed', { productName: 'Oak    shelf' }, []],
		['of a template', coupon({ body_1: 'shoes\nand laces', button_0: 'BACK10' }), [told('2 messages have')]],
		['of a template, none', coupon({ body_1: 'shoes', button_0: 'BACK10' }), []],
		['of a template, in JSON, which keeps them', coupon({ body_1: '10482', button_0_data: '{\n"shop": 1\n}' }, 'stock_flow|en'), []],
	])('%s', async (_, parameters, expected) => {
		expect(await messagesOf(parameters)).toEqual(expected);
	});

	test('are not told of a message that was refused', async () => {
		await channel.script({ path: 'sendTemplate', times: 'forever', answers: [{ status: 400, body: { sent: false, message: 'wrong file' } }] });
		expect(await messagesOf({ nextStep: 'Monday\nor Tuesday' })).toEqual(['2 of 2 items were not sent: 2 × wrong-file.']);
	});
});
