import { useChannel } from '../support/channel.cjs';
import { arrival, runNode, type NodeRun } from '../support/run-node.cjs';

const channel = useChannel();
const ITEMS = Array.from({ length: 4 }, (_, index) => ({ phone: `+1202555${4000 + index}`, order: index }));
const send = async (more: Partial<NodeRun> = {}) =>
	await runNode({ parameters: arrival({ phone: '={{ $json.phone }}', orderReference: '={{ $json.order }}' }), credential: channel.credential, items: ITEMS, runs: 3, ...more });
const outcomes = ({ run }: Awaited<ReturnType<typeof runNode>>) =>
	run.data.resultData.runData.Send!.map(({ data }) => data!.main![0]!.map(({ json }) => json.outcome));

test('each run of a loop sends its own items', async () => {
	expect(outcomes(await send())).toEqual(new Array(3).fill(new Array(4).fill('accepted')));
	expect((await channel.sandbox.control('GET', '/counts')).body).toMatchObject({ messages: 12, maxPerRecipient: 3 });
});

test('the list of templates is read once for all runs', async () => {
	await send();
	expect(await channel.calls('templates')).toHaveLength(1);
});

test('a refusal in the second run makes Retry On Fail send nothing again, in that run or the others', async () => {
	const fine = new Array(6).fill({ normal: true });
	await channel.script({ answers: [...fine, { status: 400, body: { error: 'no' } }] });
	const result = await send({ settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 } });
	expect(outcomes(result)).toEqual(new Array(3).fill(new Array(4).fill('accepted')));
	expect(await channel.calls('sendTemplate')).toHaveLength(13);
	expect((await channel.sandbox.control('GET', '/counts')).body).toMatchObject({ messages: 12, maxPerRecipient: 3 });
});
