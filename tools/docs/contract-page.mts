import { FACTS, type Evidence, type Fact } from './contract-facts.mts';
import { table } from './table.mts';

const MEANS: Record<Evidence, string> = {
	specification: 'stated in the specification that the package was built to',
	'real traffic': 'captured on channels in production',
	'vendor document': 'a document or client program of 1MSG says or implies it',
	'WhatsApp document': 'Meta documents it, and 1MSG is assumed to pass it on',
	inferred: 'follows from other facts, or from what senders of other providers report',
	unknown: 'the sources are silent, or contradict each other',
};

const HEAD = `<!-- Written by "npm run docs" from tools/docs/contract-facts.mts. Change that, not this file. -->

# What the package relies on

1MSG publishes no complete description of its API. This page lists each fact that the package relies on, how certain it is, the tests that depend on it, and what happens if it is wrong. A unit test checks that every test named here exists.

${table(['evidence', 'means'], Object.entries(MEANS))}
Where several are named, they agree, or each covers a part. *Source* is the section of the contract notes that comments in the code cite.
`;

/** docs/contract.md: the facts of the contract, for maintainers and for whoever compares the package with a channel. */
export function contractPage(): string {
	return [HEAD, ...FACTS.map(({ subject, facts }) => `## ${subject}\n\n${table(['fact', 'evidence', 'held by', 'if it is wrong', 'source'], facts.map(rowOf))}`)].join('\n');
}

function rowOf({ fact, evidence, tests, ifWrong, source }: Fact): string[] {
	const held = tests.map(({ file, title }) => `[${/[^/]+(?=\.test)/.exec(file)![0]}](../${file}): ${title}`);
	return [fact, evidence.join(', '), held.join('<br>'), ifWrong, source];
}
