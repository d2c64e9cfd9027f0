import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { OneMsgChannelApi } from '../../credentials/OneMsgChannelApi.credentials';
import { OneMsg } from '../../nodes/OneMsg/OneMsg.node';
import { OneMsgTrigger } from '../../nodes/OneMsgTrigger/OneMsgTrigger.node';
import { FAILURES } from '../../nodes/core/failure/table';
import { FACTS } from '../../tools/docs/contract-facts.mts';
import { contractPage } from '../../tools/docs/contract-page.mts';
import { errorsPage } from '../../tools/docs/errors-page.mts';
import { BEFORE_SENDING, FROM_THE_SERVICE } from '../../tools/docs/own-errors.mts';
import { codesInSources, SOURCE } from './docs-codes.cjs';
import { testTitles } from './docs-test-titles.cjs';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const REFERENCE = read('docs/reference.md');
const PACKAGE = JSON.parse(read('package.json')) as { homepage: string; scripts: Record<string, string> };
const filesIn = (folder: string, ending: string) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
const PAGES = [
	...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
	...['docs', 'sandbox', 'workflows', '.github'].flatMap((folder) => filesIn(folder, '.md')),
];
const ACTIONS = filesIn('.github', '.yml');

/** The section under a heading, up to the next one of the same level or above. */
function sectionOf(heading: string): string {
	const level = heading.indexOf(' ');
	const start = REFERENCE.indexOf(`\n${heading}\n`);
	if (start < 0) throw new Error(`docs/reference.md has no heading "${heading}"`);
	return REFERENCE.slice(start + 1 + heading.length).split(new RegExp(`^#{1,${level}} `, 'm'))[0]!;
}

/** Of version 2; version 1 has the same options, and no other fields. */
const properties = new OneMsg().description.properties.filter(({ displayOptions }) => displayOptions?.show?.['@version']?.[0] !== 1);
const showsFor = (property: INodeProperties, resource: string, operation: string) => {
	const { show } = property.displayOptions ?? {};
	return show?.resource?.includes(resource) === true && show.operation?.includes(operation) === true;
};
const operations = properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options, displayOptions }) =>
		(options as INodePropertyOptions[]).map(({ name, value }) => ({ resource: String(displayOptions!.show!.resource![0]), operation: String(value), label: name })),
	);
/** Without the entries that only keep a value (nodes/OneMsg/resources/shared/options.ts). */
const nested = (property: INodeProperties) => ((property.options ?? []) as Array<INodeProperties | INodePropertyCollection>).filter((option) => !('type' in option) || option.type !== 'hidden');
/** The unit is in the text. */
const withoutUnit = (label: string) => label.replace(/ \(Seconds\)$/, '');
const choices = (property: INodeProperties) => (property.options ?? []) as INodePropertyOptions[];
/** Options of all operations by label, without duplicates. */
const OPTIONS = new Map(properties.filter(({ name }) => name === 'options').flatMap(nested).map((option) => [withoutUnit(option.displayName), option as INodeProperties]));

describe('docs/reference.md', () => {
	test.each(operations)('tells of $label with every field and option of it', ({ resource, operation, label }) => {
		const section = sectionOf(`### ${label}`);
		expect(section).toContain(`| \`resource\` | \`${resource}\` |`);
		expect(section).toContain(`| \`operation\` | \`${operation}\` | ${label} |`);
		expect(section).toContain('```json');
		for (const property of properties.filter((one) => showsFor(one, resource, operation))) {
			if (property.name !== 'options') expect(section).toContain(`| ${withoutUnit(property.displayName)} | \`${property.name}\` |`);
			if (property.name === 'sampleValues') for (const { displayName } of nested(property)) expect(section).toContain(displayName);
		}
		const listed = [...(/^Options: (.*)\.$/m.exec(section)?.[1] ?? '').matchAll(/\[([^\]]+)\]/g)].map(([, name]) => name);
		const own = properties.filter((one) => one.name === 'options' && showsFor(one, resource, operation)).flatMap(nested);
		expect(listed).toEqual([...new Set(own.map(({ displayName }) => withoutUnit(displayName)))].sort());
	});

	test.each([...OPTIONS])('tells of the option %s with its name, an example and its choices', (label, option) => {
		const section = sectionOf(`#### ${label}`);
		expect(section.trim().startsWith(`\`${option.name}\`, example: \``)).toBe(true);
		for (const { name, value } of choices(option)) expect(section).toContain(`| ${name} | \`${value}\` |`);
	});

	test('tells of the resources and of both ways to name a template', () => {
		for (const { name } of choices(properties.find(({ name }) => name === 'resource')!)) expect(sectionOf(`## ${name}`)).toContain('###');
		const modes = properties.find(({ type }) => type === 'resourceLocator')!.modes!;
		for (const { displayName } of modes) expect(sectionOf('### Send Stock Arrival Template')).toContain(displayName);
	});

	test('tells of every field, choice and option of the trigger', () => {
		const section = sectionOf('## 1MSG Trigger');
		for (const property of new OneMsgTrigger().description.properties) {
			if (property.type === 'notice') continue;
			if (property.type === 'collection') {
				for (const option of nested(property)) expect(section).toContain(`| Options, ${option.displayName} | \`${option.name}\` |`);
				continue;
			}
			const row = section.split('\n').find((line) => line.startsWith(`| ${property.displayName} | \`${property.name}\` |`));
			for (const { name, value } of choices(property)) expect(row).toContain(`${name} \`${value}\``);
		}
	});

	test('tells of every field of the credential', () => {
		for (const { displayName, name } of new OneMsgChannelApi().properties) expect(sectionOf('## Credential')).toContain(`| ${displayName} | \`${name}\` |`);
	});

	test('tells of nothing that is not there', () => {
		const headings = (level: string) => [...REFERENCE.matchAll(new RegExp(`^${level} (.*)$`, 'gm'))].map(([, name]) => name!);
		expect(headings('####')).toEqual([...OPTIONS.keys()].sort());
		expect(headings('###').sort()).toEqual(operations.map(({ label }) => label).sort());
	});
});

describe('docs/errors.md', () => {
	const own = [...BEFORE_SENDING, ...FROM_THE_SERVICE];
	const inTable = new Set(FAILURES.map(({ code }) => code));
	const inSources = codesInSources();

	test('is what "npm run docs" writes', () => {
		expect(read('docs/errors.md')).toBe(errorsPage(FAILURES));
	});

	test('tells of every code of ours, and of no other', () => {
		const codes = new Set([...inSources.map(({ code }) => code).filter((code) => !inTable.has(code)), 'unknown-failure']);
		expect(own.map(({ code }) => code).sort()).toEqual([...codes].sort());
	});

	test.each(own)('says of $code what the node says', ({ code, says, action }) => {
		expect(says.split('...').filter((piece) => !SOURCE.includes(piece.trim()))).toEqual([]);
		const told = inSources.filter((one) => one.code === code && one.action !== undefined).map((one) => one.action);
		for (const one of told) expect(one).toBe(action);
	});
});

describe('docs/contract.md', () => {
	const facts = FACTS.flatMap(({ facts }) => facts);

	test('is what "npm run docs" writes', () => {
		expect(read('docs/contract.md')).toBe(contractPage());
	});

	test.each(facts)('says by which tests it is held: $fact', ({ tests, evidence }) => {
		expect(evidence.length).toBeGreaterThan(0);
		expect(tests.length).toBeGreaterThan(0);
		for (const { file, title } of tests) expect(testTitles(join(ROOT, file))).toContain(title);
	});

	test('says each fact once', () => {
		expect(new Set(facts.map(({ fact }) => fact)).size).toBe(facts.length);
	});
});

/** GitHub's anchor of a heading. */
function slug(heading: string): string {
	return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}

function anchorsOf(page: string): Set<string> {
	const text = read(page).replace(/^```[\s\S]*?^```/gm, '');
	const headings = [...text.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => slug(heading!));
	return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)]);
}

/** The error in a page's link; undefined if it works. */
function whyDead(page: string, link: string): string | undefined {
	const [path, anchor] = link.split('#') as [string, string?];
	const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), decodeURIComponent(path)));
	if (target.startsWith('..') || !existsSync(join(ROOT, target))) return `${page}: no file ${link}`;
	if (anchor === undefined || !target.endsWith('.md')) return undefined;
	return anchorsOf(target).has(anchor) ? undefined : `${page}: no heading ${link}`;
}

describe('every page', () => {
	test('has links that lead somewhere', () => {
		const dead = PAGES.flatMap((page) =>
			[...read(page).replace(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
				.map(([, link]) => link!)
				.filter((link) => !/^[a-z]+:/i.test(link))
				.map((link) => whyDead(page, link)),
		);
		expect(dead.filter((reason) => reason !== undefined)).toEqual([]);
	});

	test('names only commands that package.json has', () => {
		const named = [...PAGES, ...ACTIONS].flatMap((page) => [...read(page).matchAll(/\bnpm (?:run(?: --?silent)? ([\w:-]+)|(test)\b)/g)].map((match) => `${page}: ${match[1] ?? match[2]}`));
		expect(named.length).toBeGreaterThan(5);
		expect(named.filter((entry) => !(entry.split(': ')[1]! in PACKAGE.scripts))).toEqual([]);
	});

	test('gives those commands only arguments that they know', () => {
		const given = PAGES.flatMap((page) => [...read(page).matchAll(/\bnpm run ([\w:-]+) -- --([\w-]+)/g)].map(([, script, argument]) => ({ page, script: script!, argument: argument! })));
		expect(given.length).toBeGreaterThan(1);
		for (const { page, script, argument } of given) {
			const [program] = /\S+\.mts$/.exec(PACKAGE.scripts[script]!)!;
			expect({ page, script, argument, isKnown: read(program).includes(`${argument}: {`) }).toMatchObject({ isKnown: true });
		}
	});

	test('has JSON that is JSON', () => {
		for (const page of PAGES) for (const [, json] of read(page).matchAll(/^```json\n([\s\S]*?)^```$/gm)) expect(() => JSON.parse(json!) as unknown).not.toThrow();
	});

	test('is named in docs/README.md', () => {
		const index = read('docs/README.md');
		for (const name of readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md')) expect(index).toContain(name);
	});
});

describe('workflows/README.md', () => {
	const page = read('workflows/README.md');
	const files = filesIn('workflows', '.json').map((path) => ({ file: path.slice('workflows/'.length), name: (JSON.parse(read(path)) as { name: string }).name }));
	const starters = files.filter(({ file }) => !file.includes('/'));

	test.each(starters)('tells of $name, leads to its file and shows its picture', ({ file, name }) => {
		const [section] = (page.split(`\n## ${name}\n`)[1] ?? '').split(/^## /m);
		expect(section).toContain(`[${file}](${file})`);
		const picture = `../docs/images/workflow-${file.replace('.json', '')}`;
		expect(section).toContain(`srcset="${picture}-dark.png"`);
		expect(section).toContain(`<img alt="The workflow ${name}" src="${picture}-light.png">`);
	});

	test('leads to the advanced ones, and tells of no others', () => {
		expect([...page.matchAll(/\(([^()]+\.json)\)/g)].map(([, file]) => file).sort()).toEqual(files.map(({ file }) => file).sort());
		expect([...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name).sort()).toEqual(['Which of these are you?', 'Advanced', ...starters.map(({ name }) => name)].sort());
		// Delivery status by questions is shown like a starter.
		expect(page.match(/docs\/images\//g)).toHaveLength(2 * (starters.length + 1));
	});
});

test('every picture that a page shows is there, below 150 kB', () => {
	const shown = PAGES.flatMap((page) => [...read(page).matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path]) => join(dirname(page), path!)));
	expect(shown.length).toBeGreaterThan(10);
	for (const path of shown) expect({ path, isSmall: existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).size < 150_000 }).toMatchObject({ isSmall: true });
});

test('workflows say what they may do, and use actions of GitHub in one major version', () => {
	const workflows = ACTIONS.filter((name) => name.includes('workflows'));
	expect(workflows.length).toBeGreaterThan(0);
	for (const name of workflows) {
		expect(read(name)).toMatch(/^permissions:/m);
		for (const [, action] of read(name).matchAll(/uses: (\S+)/g)) expect(action).toMatch(/^(?:actions\/[\w-]+@v\d+|\.\/\.github\/workflows\/[\w-]+\.yml)$/);
	}
});

test('the links in the editor lead to pages of this repository', () => {
	const repository = PACKAGE.homepage.replace(/#.*$/, '');
	const codex = (path: string) => Object.values(JSON.parse(read(path)).resources as Record<string, Array<{ url: string }>>).flat().map(({ url }) => url);
	const urls = [...codex('nodes/OneMsg/OneMsg.node.json'), ...codex('nodes/OneMsgTrigger/OneMsgTrigger.node.json'), new OneMsgChannelApi().documentationUrl];
	for (const url of urls) {
		expect(url.startsWith(repository)).toBe(true);
		const rest = url.slice(repository.length);
		expect(whyDead('README.md', rest.startsWith('#') ? rest : rest.replace('/blob/main/', ''))).toBeUndefined();
	}
});
