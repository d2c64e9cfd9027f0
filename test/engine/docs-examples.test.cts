import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { installOnceStore } from '../support/once-store.cjs';
import { arrival, runNode } from '../support/run-node.cjs';
import { post, useTriggers } from '../support/triggers.cjs';

const channel = useChannel();
const { active } = useTriggers(channel);
installOnceStore();

const REFERENCE = readFileSync(join(__dirname, '..', '..', 'docs', 'reference.md'), 'utf8');
const PHONE = '+1 202 555 0100';

/** The section under a heading, up to the next. */
function sectionOf(heading: string): string {
	const start = REFERENCE.indexOf(`\n${heading}\n`);
	if (start < 0) throw new Error(`docs/reference.md has no heading "${heading}"`);
	const rest = REFERENCE.slice(start + heading.length + 2);
	return rest.split(/^#{1,4} /m)[0]!;
}

function jsonBlocks(section: string): IDataObject[] {
	return [...section.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json]) => JSON.parse(json!));
}

/** The example value of a table row, as n8n stores it. */
function valueOf(example: string) {
	const text = example.replaceAll('\\|', '|');
	if (/^\{\{ .* \}\}$/.test(text)) return `=${text}`;
	return /^(?:\{ ".*\}|true|false|\d{1,3})$/.test(text) ? JSON.parse(text) : text;
}

/** Parameters from an operation's table. */
function parametersOf(section: string): INodeParameters {
	const rows = [...section.matchAll(/^\| [^|]+ \| `(\w+)` \| `((?:\\\||[^|])*)` \| /gm)].map(([, name, example]) => [name!, valueOf(example!)] as const);
	const isVariable = ([name]: readonly [string, unknown]) => /^(?:header|body|button|card)_/.test(name);
	const own = Object.fromEntries(rows.filter((row) => !isVariable(row)));
	return {
		...own,
		...(typeof own.template === 'string' ? { template: { __rl: true, mode: 'name', value: own.template } } : {}),
		variables: { mappingMode: 'defineBelow', value: Object.fromEntries(rows.filter(isVariable)) },
	};
}

/** IDs and times vary between runs. */
function comparable(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value), (_, entry) => {
		if (typeof entry !== 'string') return entry;
		if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(entry)) return 'a time';
		return /^wamid\./.test(entry) ? 'an ID' : entry;
	});
}

const send = async (options: INodeParameters = {}, more: INodeParameters = {}, items: IDataObject[] = [{}]) =>
	await runNode({ parameters: { ...arrival(more), options }, credential: channel.credential, items, onError: 'continueErrorOutput' });

async function delivered(): Promise<string> {
	const { items } = await send({ waitUntil: 'delivered', waitTimeout: 20 }, { phone: PHONE });
	expect(items[0]!.json.status).toBe('delivered');
	return String(items[0]!.json.messageId);
}

/** Sets up an example's preconditions; returns its input item. */
const BEFORE: Record<string, () => Promise<IDataObject | void>> = {
	'Send Text': async () => void (await channel.sandbox.control('POST', '/inbound', { phone: '12025550100', text: 'When?' })),
	'Get Message Status': async () => ({ messageId: await delivered() }),
	'Find Sent Message': async () => void (await delivered()),
	'Repair Webhooks': async () => {
		const url = 'https://n8n.example/webhook/5b1c/1msg?secret=kept-away';
		await channel.sandbox.control('POST', '/webhooks', { urls: [url], disabled: [url] });
	},
};

const operations = [...REFERENCE.matchAll(/^### (.*)$/gm)].map(([, name]) => name!);

test.each(operations)('the example of %s gives what stands below it', async (name) => {
	const section = sectionOf(`### ${name}`);
	const item = (await BEFORE[name]?.()) ?? {};
	const { items, error } = await runNode({ parameters: parametersOf(section), credential: channel.credential, items: [item] });
	expect(error).toBeUndefined();
	expect(comparable(items[0]!.json)).toEqual(comparable(jsonBlocks(section)[0]));
});

test('every kind of variable that a template can have stands in the section of Send Template', async () => {
	const shapeOf = (id: string) => id.replace(/\d+/g, '0').replace(/^(body|header)_(?:customer|product|order)$/, '$1_customer');
	const told = [...sectionOf('### Send Template').matchAll(/`(\w+)`/g)].map(([, id]) => shapeOf(id!));
	const { items } = await runNode({ parameters: { resource: 'template', operation: 'getMany', returnAll: true }, credential: channel.credential });
	const ids = items.flatMap(({ json }) => (json.variables ?? []) as string[]).map(shapeOf);
	expect(ids.length).toBeGreaterThan(20);
	expect(told).toEqual(expect.arrayContaining([...new Set(ids)]));
});

/** Options whose example depends on others. */
const BESIDE: Record<string, { options?: INodeParameters; more?: INodeParameters; items?: IDataObject[] }> = {
	'Default Country': { more: { phone: '8 912 345-67-89' } },
	'Language Code': { more: { template: { __rl: true, mode: 'name', value: 'stock_arrival' } } },
	'Send Once': { items: [{}, {}] },
	'Wait Timeout': { options: { waitUntil: 'sent' } },
	'Wait Until': { options: { waitTimeout: 20 } },
};

const options = [...REFERENCE.matchAll(/^#### (.*)$/gm)].map(([, name]) => name!);

test.each(options)('the example of the option %s gives what stands below it', async (name) => {
	const section = sectionOf(`#### ${name}`);
	const [, option, example] = /^\s*`(\w+)`, example: `([^`]+)`/.exec(section)!;
	const { options: beside = {}, more, items: given } = BESIDE[name] ?? {};
	const { items, errors } = await send({ ...beside, [option!]: valueOf(example!) }, more, given);
	const expected = jsonBlocks(section)[0] ?? { outcome: 'accepted' };
	expect(comparable([...items, ...errors].at(-1)!.json)).toMatchObject(comparable(expected) as object);
});

test('what 1MSG posts becomes the items of the trigger\'s section', async () => {
	const [status, message, preference, template, click, account, ...more] = jsonBlocks(sectionOf('## 1MSG Trigger'));
	expect(more).toEqual([]);
	const { trigger, url } = await active({ events: ['messageStatus', 'messageReceived', 'marketingPreference', 'templateChanged', 'linkClicked', 'accountChanged'], statuses: ['failed'], options: { includeRaw: true } });
	expect(await post(url, { instanceId: channel.sandbox.channelId, ack: [status!.raw], messages: [message!.raw] })).toBe(200);
	const changes = [{ field: 'user_preferences', value: { user_preferences: [preference!.raw] } }, template!.raw, { field: 'messages', value: { user_actions: [click!.raw] } }, account!.raw];
	expect(await post(url, { entry: [{ id: '1', time: 1754400000, changes }] })).toBe(200);
	expect(comparable(trigger.executions)).toEqual(comparable([[status, message], [preference, template, click, account]]));
});

test('the error in docs/errors.md is what the node returns', async () => {
	const page = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
	const { errors } = await send({ languageCode: 'en', namespace: '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001' }, { template: { __rl: true, mode: 'name', value: 'no_such_template' } });
	expect(errors[0]!.json).toEqual(jsonBlocks(page)[0]);
});
