import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The options given to a program started by `npm run <name>`. Throws a sentence about one that is none. */
export function readCommandLine<T extends Options>(name: string, options: T) {
	try {
		return parseArgs({ options }).values;
	} catch (error) {
		throw new Error(`${String((error as Error).message).split(/\.?\s*\n|\. /)[0]}. See npm run ${name} -- --help`);
	}
}

/** Prints the help.txt of a program's folder, which tools/run.cjs prints without this program. */
export async function printHelp(folder: string): Promise<void> {
	process.stdout.write(await readFile(join(folder, 'help.txt'), 'utf8'));
}
