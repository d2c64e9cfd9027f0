import assert from 'node:assert/strict';
import { saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import type { Alone } from '../n8n/alone.mts';
import { everyNodeRan, importWorkflow } from '../n8n/import-workflow.mts';
import { runWorkflow } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

const PATH = 'workflows/template-onboarding.json';
const PHONE = '12025550100';
const TIMEOUT_MS = 60_000;
const LOOKS = '$runIndex >= 144';

interface Tried {
	/** Parameters of *Submit the template*. */
	templateName?: string;
	buttonUrl?: string;
	/** Recipient of the test. */
	phone?: string;
	/** Seconds between two looks. */
	wait?: number;
	/** After how many looks the workflow gives up. */
	looks?: number;
}

/** A template from its submission to its first message, with all detours. */
export async function templateOnboardingStory({ step }: Pick<Steps, 'step'>, alone: Alone): Promise<void> {
	const { api, sandbox } = alone;
	const ran = new Set<string>();
	const workflow = await step('onboarding: the workflow is imported', async () => await importWorkflow(alone, PATH));
	if (!workflow) return;

	/** Fills in the nodes, executes, and returns the result. */
	const onboard = async (tried: Tried, meanwhile = async (): Promise<unknown> => undefined) => {
		await saveWorkflow(api, filledIn(workflow.file, tried));
		const [run] = await Promise.all([runWorkflow(api, workflow.id, 'Start'), meanwhile()]);
		for (const node of run.nodes) ran.add(node);
		assert.equal(run.status, 'success', run.error);
		const results = run.items('Result') as Array<Record<'result' | 'advice', string>>;
		assert.equal(results.length, 1, `${run.nodes.join(', ')} ran`);
		assert.ok(results[0]!.advice);
		return results[0]!;
	};
	const isPending = async (name: string) => {
		await waitFor({
			what: `${name} to be submitted`,
			timeoutMs: TIMEOUT_MS,
			look: async () => {
				const { templates } = await sandbox.control<{ templates: Array<{ name: string }> }>('GET', 'templates');
				return templates.some((template) => template.name === name) || undefined;
			},
		});
	};
	const decide = (name: string, status: string) => async () => {
		await isPending(name);
		await sandbox.control('POST', 'templates', { name, status });
	};

	await step('onboarding: n8n names each field that is left empty, and nothing is submitted', async () => {
		for (const [tried, field] of [[{ phone: '' }, 'Recipient'], [{ buttonUrl: '' }, 'Button URL']] as const) {
			await saveWorkflow(api, filledIn(workflow.file, tried));
			const { status, error } = await runWorkflow(api, workflow.id, 'Start');
			assert.equal(status, 'error');
			assert.match(error, new RegExp(`Parameter "${field}" is required`));
		}
		assert.deepEqual(await sandbox.calls('addTemplate'), []);
	});

	await step('onboarding: submitted, approved while the workflow waits, tested on the own phone', async () => {
		const { result, advice } = await onboard({ templateName: 'shelf_arrival' }, decide('shelf_arrival', 'approved'));
		assert.match(result, /^(delivered|read)$/, advice);
		const [message] = await sandbox.messagesTo(PHONE);
		assert.equal(message?.text, 'Hello, Alexey! For order #10482, item "Oak shelf" is now in stock. This is a test.');
		assert.ok(ran.has('Wait ten minutes'));
	});

	await step('onboarding: a second run submits nothing and tests again', async () => {
		const before = (await sandbox.calls('addTemplate')).length;
		assert.match((await onboard({ templateName: 'shelf_arrival' })).result, /^(delivered|read)$/);
		assert.equal((await sandbox.calls('addTemplate')).length, before);
		assert.equal((await sandbox.messagesTo(PHONE)).length, 2);
	});

	await step('onboarding: a test that fails on its way says why and what to do', async () => {
		const { result, advice } = await onboard({ templateName: 'shelf_arrival', phone: '12025550101' });
		assert.equal(result, 'Message undeliverable');
		assert.match(advice, /another channel/);
	});

	await step('onboarding: a phone that is none is said after the approval', async () => {
		const { result } = await onboard({ templateName: 'shelf_arrival', phone: 'my phone' });
		assert.match(result, /my phone/);
	});

	await step('onboarding: rejected while the workflow waits', async () => {
		const { result, advice } = await onboard({ templateName: 'shelf_advert' }, decide('shelf_advert', 'rejected'));
		assert.equal(result, 'REJECTED');
		assert.match(advice, /under another name/);
	});

	for (const [name, status, words] of [
		['stock_arrival_rejected', 'REJECTED', /rejected its format/],
		['stock_arrival_paused', 'PAUSED', /pause ends/],
		['stock_no_variables', 'APPROVED', /not a stock arrival template/],
	] as const) {
		await step(`onboarding: ${name} is there already: its state and what to do, no message`, async () => {
			const sent = (await sandbox.messagesTo(PHONE)).length;
			const { result, advice } = await onboard({ templateName: name });
			assert.equal(result, status);
			assert.match(advice, words);
			assert.equal((await sandbox.messagesTo(PHONE)).length, sent);
		});
	}

	await step('onboarding: undecided after all the looks: it stops', async () => {
		const before = (await sandbox.calls('templates')).length;
		const { result, advice } = await onboard({ templateName: 'stock_arrival_pending', looks: 2 });
		assert.equal(result, 'PENDING');
		assert.match(advice, /Look again later/);
		assert.ok((await sandbox.calls('templates')).length - before >= 3);
	});

	await step('onboarding: removed while the workflow waits', async () => {
		const { result } = await onboard({ templateName: 'shelf_gone', wait: 3 }, async () => {
			await isPending('shelf_gone');
			await sandbox.control('DELETE', 'templates', { name: 'shelf_gone' });
		});
		assert.match(result, /no longer in the list/);
	});

	await step('onboarding: what cannot be submitted says what is wrong', async () => {
		const { result, advice } = await onboard({ templateName: 'Not a name' });
		assert.match(result, /cannot be the name of a template/);
		assert.match(advice, /not_a_name/);
	});

	await step('onboarding: every node of the workflow has run', async () => everyNodeRan(workflow, ran));
}

/** The workflow with these values, quick to look. */
function filledIn(file: WorkflowFile, { templateName = 'shelf_arrival', buttonUrl = 'https://shop.example/confirm', phone = PHONE, wait = 1, looks = 144 }: Tried): WorkflowFile {
	const given: Record<string, Record<string, string | number>> = {
		'Submit the template': { templateName, buttonUrl },
		'Send a test to yourself': { phone },
		'Wait ten minutes': { amount: wait, unit: 'seconds' },
	};
	const nodes = file.nodes.map((node) => ({ ...node, parameters: { ...node.parameters, ...given[node.name] } }));
	assert.ok(JSON.stringify(nodes).includes(LOOKS));
	return { ...file, nodes: JSON.parse(JSON.stringify(nodes).replace(LOOKS, `$runIndex >= ${looks}`)) as WorkflowFile['nodes'] };
}
