/** An n8n line's own engine, and the built package as its processes load it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { AxiosStatic } from 'axios';
import type * as N8nCore from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';
import type { ICredentialType, INodeType } from 'n8n-workflow';

export const LINES = ['n8n-1', 'n8n-2'] as const;
export type LineName = (typeof LINES)[number];

const PACKAGE = 'n8n-nodes-1msg-stock-arrival';

/** The package in one n8n process, with its own module state. */
export interface N8nProcess {
	readonly oneMsg: INodeType;
	readonly oneMsgTrigger: INodeType;
	readonly credential: ICredentialType;
}

export interface Engine {
	line: LineName;
	core: typeof N8nCore;
	workflow: typeof N8nWorkflow;
	/** The axios copy used by the line's requests. */
	axios: AxiosStatic;
	/** Starts another n8n process: the package's files run again, with fresh memory. */
	startProcess(): N8nProcess;
}

/** Loads a line's engine; one line per process, since they share global state. */
export function loadEngine(line: LineName): Engine {
	process.env.NODE_ENV = 'test';
	const folder = join(import.meta.dirname, '..', 'engine', line);
	const requireFromLine = createRequire(join(folder, 'package.json'));
	requireFromLine('reflect-metadata');
	return {
		line,
		core: requireFromLine('n8n-core') as typeof N8nCore,
		workflow: requireFromLine('n8n-workflow') as typeof N8nWorkflow,
		axios: requesterOf(line, requireFromLine)('axios') as AxiosStatic,
		startProcess: packageIn(join(folder, 'node_modules', PACKAGE)),
	};
}

/** The package that requires axios for requests: n8n 2.x has a separate one. */
function requesterOf(line: LineName, requireFromLine: NodeJS.Require): NodeJS.Require {
	const requireFromCore = createRequire(requireFromLine.resolve('n8n-core'));
	return line === 'n8n-2' ? createRequire(requireFromCore.resolve('@n8n/backend-network')) : requireFromCore;
}

type Exports = Record<string, unknown>;
type Compiled = (exports: Exports, require: (id: string) => unknown, module: { exports: Exports }, filename: string, dirname: string) => void;

/** Compiles the package's files once and runs them per process. */
function packageIn(folder: string): () => N8nProcess {
	const { n8n } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } };
	const requireFromPackage = createRequire(join(folder, 'package.json'));
	const others = new Map<string, unknown>();
	const requireOther = (id: string) => {
		if (!others.has(id)) others.set(id, requireFromPackage(id));
		return others.get(id);
	};
	const compiled = new Map<string, Compiled>();
	const compile = (file: string): Compiled => {
		const known = compiled.get(file);
		if (known) return known;
		const made = compileFunction(readFileSync(file, 'utf8'), ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file }) as Compiled;
		compiled.set(file, made);
		return made;
	};
	return () => {
		const modules = new Map<string, { exports: Exports }>();
		const load = (file: string): Exports => {
			const known = modules.get(file);
			if (known) return known.exports;
			const module = { exports: {} as Exports };
			modules.set(file, module);
			const requireHere = (id: string) => (id.startsWith('.') ? load(join(dirname(file), id)) : requireOther(id));
			compile(file)(module.exports, requireHere, module, file, dirname(file));
			return module.exports;
		};
		/** Like n8n's loader: the class is named like its file. */
		const create = (paths: string[], name: string) => {
			const path = paths.find((candidate) => candidate.includes(`/${name}.`));
			if (path === undefined) throw new Error(`The package has no ${name}`);
			return new (load(join(folder, path))[name] as new () => unknown)();
		};
		const made = new Map<string, unknown>();
		const once = (paths: string[], name: string): unknown => {
			if (!made.has(name)) made.set(name, create(paths, name));
			return made.get(name);
		};
		// Lazy: creating a process costs more than the rest of a small world.
		return {
			get oneMsg() {
				return once(n8n.nodes, 'OneMsg') as INodeType;
			},
			get oneMsgTrigger() {
				return once(n8n.nodes, 'OneMsgTrigger') as INodeType;
			},
			get credential() {
				return once(n8n.credentials, 'OneMsgChannelApi') as ICredentialType;
			},
		};
	};
}
