import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as N8nCore from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';

/** The n8n line of this jest project; set by jest.config.cjs. */
declare const N8N_LINE: 'n8n-1' | 'n8n-2';

export const LINE = N8N_LINE;

/** Folder of the line's n8n-core, n8n-workflow and the unpacked package. */
export const LINE_FOLDER = join(__dirname, '..', 'engine', LINE);

const requireFromLine = createRequire(join(LINE_FOLDER, 'package.json'));
requireFromLine('reflect-metadata');

export const core = requireFromLine('n8n-core') as typeof N8nCore;
export const workflow = requireFromLine('n8n-workflow') as typeof N8nWorkflow;

/** The unpacked tarball, next to the line's n8n-workflow, so that Node finds it. */
export const PACKAGE_FOLDER = join(LINE_FOLDER, 'node_modules', 'n8n-nodes-1msg-stock-arrival');

const requireFromCore = createRequire(requireFromLine.resolve('n8n-core'));

// n8n 1's engine starts an interval that only n8n's shutdown ends.
afterAll(() => {
	const { Container } = requireFromCore('@n8n/di') as { Container: { get(type: unknown): { onShutdown(): void } } };
	const { SSHClientsManager } = requireFromCore('./execution-engine/ssh-clients-manager.js') as { SSHClientsManager: unknown };
	Container.get(SSHClientsManager).onShutdown();
});
