import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { contactKeyOf, formsOf } from '../../nodes/core/recipient/contactKey';
import { contactKeyFor } from '../../nodes/core/recipient/identity';
import { readRecipient } from '../../nodes/core/recipient/recipient';

interface WorkflowNode {
	name: string;
	parameters: { jsCode?: string; resource?: string; operation?: string; tableName?: string; columns?: { column: Array<{ name: string; type: string }> } };
}

const FOLDER = join(__dirname, '..', '..', 'workflows', 'advanced');
const nodesOf = (file: string) => (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { nodes: WorkflowNode[] }).nodes.map((node) => ({ ...node, file }));
const NODES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.flatMap(nodesOf);
/** Every text in a node's parameters, as executed. */
const textsOf = (value: unknown): string[] =>
	typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
const found = (pattern: RegExp) =>
	NODES.flatMap(({ file, name, parameters }) => textsOf(parameters).flatMap((text) => [...text.matchAll(pattern)].map(([code]) => [`${file}, ${name}`, code] as const)));

/** Formats of people and WhatsApp (1msg-contract-2.md, section 4). */
const PHONES = [
	'5511987776666', '551187776666', '553188885555', '553133332222', '5511957776666', '5215512349876', '525512349876', '5491123456789', '541123456789', '79123456789', '12025550100',
];

/** Customers without a phone, as a person may write them (1msg-contract-2.md, section 3). */
const NAMES = ['CO.1726000000000000', ' CO.1726000000000000@lid', 'US.ENT.1726', 'co_1.17@lid', '@Anna.Shop', 'Anna.Shop@username', '@79123456789', '79123456789@c.us', '551187776666@c.us'];

describe('the ready-made workflows', () => {
	const rules = found(/String\([\w.]+ \?\? ''\)\.trim\(\)[^;]*?'54\$1'\)/g);
	const otherForms = found(/\.replace\(\/\^\(55[^;]*?'549\$1'\)/g);

	test('have as many places as are looked at here', () => {
		expect(rules).toHaveLength(6);
		expect(otherForms).toHaveLength(2);
	});

	test.each(rules)('%s: what a person wrote has the key that the node gives it', (_, code) => {
		const keyOf = (phone: unknown) => runInNewContext(code, { phone, row: { phone }, json: { phone } }) as string;
		for (const name of NAMES) {
			const who = readRecipient(name);
			expect([name, keyOf(name)]).toEqual([name, who.ok ? contactKeyFor(who.value) : undefined]);
		}
		for (const digits of PHONES) for (const phone of [digits, `+${digits}`, `00 ${digits.slice(0, 4)}-${digits.slice(4)}`, Number(digits)]) expect(keyOf(phone)).toBe(contactKeyOf(digits));
		for (const nobody of [undefined, null, '', 'call me']) expect(keyOf(nobody)).toBe('');
	});

	test.each(otherForms)('%s: an opt-out that was written down by phone is looked for under every form of it', (_, code) => {
		for (const digits of PHONES) {
			const key = contactKeyOf(digits);
			expect([key, runInNewContext(`key${code}`, { key }) as string]).toEqual(expect.arrayContaining(formsOf(key)));
		}
	});

	describe('an opt-out is recorded under every name of the customer', () => {
		const [hidden, event, row] = ['CO.1726000000000000', { contactKey: 'CO.1726000000000000', bsuid: 'CO.1726000000000000', username: 'Anna.Shop', phone: null }, { contactKey: '79123456789', bsuid: 'CO.1726000000000000', phone: '79123456789' }];
		const other = { contactKey: '12025550100', bsuid: null, phone: '12025550100' };
		const codes = NODES.filter(({ name }) => name === 'Every name of theirs');
		const run = (code: string, input: unknown[], nodes: unknown[]) => {
			const items = nodes.map((json) => ({ json }));
			const context = { $input: { all: () => input.map((json) => ({ json })) }, $: () => ({ all: () => items, itemMatching: (place: number) => items[place] }) };
			return (runInNewContext(`(() => {${code}})()`, context) as Array<{ json: { contactKey: string } }>).map(({ json }) => json.contactKey);
		};

		test('in three workflows', () => expect(codes.map(({ file }) => file)).toEqual(['crm-follow-up.json', 'delivery-status-to-log.json', 'nightly-repair.json']));

		test('a STOP: those of the message and of the log, and nobody else', () => {
			const code = codes[0]!.parameters.jsCode!;
			expect(run(code, [row, other, {}], [event]).sort()).toEqual(['79123456789', '@anna.shop', hidden]);
			expect(run(code, [{}], [event]).sort()).toEqual(['@anna.shop', hidden]);
			expect(run(code, [{ contactKey: '@anna.shop', bsuid: null, phone: null }, other], [{ ...event, bsuid: null, contactKey: '@anna.shop' }])).toEqual(['@anna.shop']);
			expect(run(code, [other, { contactKey: null, phone: null, bsuid: null }], [{ contactKey: null, phone: null, bsuid: null, username: null }])).toEqual([]);
		});

		test.each(codes.slice(1).map(({ file, parameters }) => [file, parameters.jsCode!]))('%s: those of the report and of the row', (_, code) => {
			expect(run(code, [row, other], [event, { contactKey: '12025550100', bsuid: null, username: null }])).toEqual(['79123456789', hidden, '@anna.shop', '12025550100']);
			expect(run(code, [{ contactKey: null, phone: '79123456789' }], [{ contactKey: null }])).toEqual(['79123456789']);
		});
	});

	test('make the same table with the same columns as Set up', () => {
		const made = [...nodesOf(join('..', 'set-up.json')), ...NODES].filter(({ parameters }) => parameters.resource === 'table' && parameters.operation === 'create');
		for (const { name, file, parameters } of made) {
			const first = made.find((one) => one.parameters.tableName === parameters.tableName)!;
			expect([file, name, parameters.columns?.column]).toEqual([file, name, first.parameters.columns?.column]);
		}
	});
});
