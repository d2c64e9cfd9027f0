import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { contactKeyOf, formsOf } from '../../nodes/core/recipient/contactKey';

interface WorkflowNode {
	name: string;
	parameters: { resource?: string; operation?: string; tableName?: string; columns?: { column: Array<{ name: string; type: string }> } };
}

const FOLDER = join(__dirname, '..', '..', 'workflows');
const NODES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.flatMap((file) => (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { nodes: WorkflowNode[] }).nodes.map((node) => ({ ...node, file })));
/** Every text in a node's parameters, as executed. */
const textsOf = (value: unknown): string[] =>
	typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
const found = (pattern: RegExp) =>
	NODES.flatMap(({ file, name, parameters }) => textsOf(parameters).flatMap((text) => [...text.matchAll(pattern)].map(([code]) => [`${file}, ${name}`, code] as const)));

/** Formats of people and WhatsApp (1msg-contract-2.md, section 4). */
const PHONES = [
	'5511987776666', '551187776666', '553188885555', '553133332222', '5511957776666', '5215512349876', '525512349876', '5491123456789', '541123456789', '79123456789', '12025550100',
];

describe('the ready-made workflows', () => {
	const rules = found(/String\([\w.]+ \?\? ''\)\.replace\(\/\\D\/g[^;]*?'54\$1'\)/g);
	const otherForms = found(/\.replace\(\/\^\(55[^;]*?'549\$1'\)/g);

	test('have as many places as are looked at here', () => {
		expect(rules).toHaveLength(6);
		expect(otherForms).toHaveLength(2);
	});

	test.each(rules)('%s: a phone that a person wrote has the key that the node gives it', (_, code) => {
		const keyOf = (phone: unknown) => runInNewContext(code, { phone, row: { phone }, json: { phone } }) as string;
		for (const digits of PHONES) for (const phone of [digits, `+${digits}`, `00 ${digits.slice(0, 4)}-${digits.slice(4)}`, Number(digits)]) expect(keyOf(phone)).toBe(contactKeyOf(digits));
		for (const nobody of [undefined, null, '', 'call me']) expect(keyOf(nobody)).toBe('');
	});

	test.each(otherForms)('%s: an opt-out that was written down by phone is looked for under every form of it', (_, code) => {
		for (const digits of PHONES) {
			const key = contactKeyOf(digits);
			expect([key, runInNewContext(`key${code}`, { key }) as string]).toEqual(expect.arrayContaining(formsOf(key)));
		}
	});

	test('make the same table with the same columns', () => {
		const made = NODES.filter(({ parameters }) => parameters.resource === 'table' && parameters.operation === 'create');
		for (const { name, file, parameters } of made) {
			const first = made.find((one) => one.parameters.tableName === parameters.tableName)!;
			expect([file, name, parameters.columns?.column]).toEqual([file, name, first.parameters.columns?.column]);
		}
	});
});
