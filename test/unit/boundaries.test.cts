import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Lints each text as that file; returns the messages of each. */
function lint(texts: ReadonlyArray<{ file: string; text: string }>): string[][] {
	const script = `
		import { ESLint } from 'eslint';
		const eslint = new ESLint({ overrideConfigFile: 'eslint.boundaries.config.mjs' });
		const found = [];
		for (const { file, text } of ${JSON.stringify(texts)}) {
			const [result] = await eslint.lintText(text, { filePath: file });
			found.push(result.messages.map(({ message }) => message));
		}
		console.log(JSON.stringify(found));`;
	return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8' })) as string[][];
}

const imports = (file: string, from: string) => ({ file, text: `import { x } from '${from}';\nexport const y = x;\n` });

const REFUSED = [
	imports('nodes/core/pacing/pacer.ts', 'n8n-workflow'),
	imports('nodes/core/pacing/pacer.ts', '../../shared/transport'),
	imports('nodes/core/pacing/pacer.ts', '../template/template'),
	imports('nodes/core/template/template.ts', '../stockArrival/stockArrival'),
	imports('nodes/core/failure/failure.ts', '../events/events'),
	imports('nodes/core/value.ts', './template/template'),
	imports('nodes/shared/transport.ts', '../OneMsg/sending/sender'),
	imports('nodes/OneMsgTrigger/guard.ts', '../OneMsg/querying/ask'),
	imports('nodes/OneMsg/resources/message/sendText.ts', '../../../OneMsgTrigger/guard'),
	imports('nodes/OneMsg/sending/sender.ts', '../resources/message/sendText'),
	imports('nodes/OneMsg/sending/once/onceStore.ts', '../../resources/message/sendText'),
	imports('nodes/OneMsg/querying/ask.ts', '../sending/sender'),
	imports('nodes/OneMsg/resources/shared/options.ts', '../../sending/sender'),
	imports('sandbox/api/send.mts', '../../nodes/core/value.ts'),
	imports('harness/environment.mts', '../demo/main.mts'),
	{ file: 'nodes/core/pacing/pacer.ts', text: 'export const now = () => Date.now();\n' },
	{ file: 'nodes/core/time.ts', text: 'export const chance = () => Math.random();\n' },
];

const ALLOWED = [
	imports('nodes/core/pacing/retryPolicy.ts', '../outcome/outcome'),
	imports('nodes/core/stockArrival/draft.ts', '../template/template'),
	imports('nodes/OneMsg/resources/message/sendText.ts', '../../sending/sendItems'),
	imports('nodes/OneMsg/sending/sender.ts', '../querying/history'),
	imports('nodes/OneMsg/sending/sender.ts', '../resources/shared/failures'),
	imports('harness/environment.mts', './process/lock.mts'),
];

describe('import boundaries', () => {
	const found = lint([...REFUSED, ...ALLOWED]);

	it.each(REFUSED.map(({ file, text }, index) => ({ file, line: text.split('\n')[0], messages: found[index] })))('$file: refuses $line', ({ messages }) => {
		expect(messages).toHaveLength(1);
	});

	it.each(ALLOWED.map(({ file, text }, index) => ({ file, line: text.split('\n')[0], messages: found[REFUSED.length + index] })))('$file: allows $line', ({ messages }) => {
		expect(messages).toEqual([]);
	});
});
