import assert from 'node:assert/strict';
import { saveWorkflow, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import type { Alone } from '../n8n/alone.mts';
import { everyNodeRan, importWorkflow } from '../n8n/import-workflow.mts';
import { runWorkflow, type Ran } from '../n8n/run-workflow.mts';
import type { Steps } from '../steps.mts';

const PATH = 'workflows/advanced/template-onboarding.json';
const PHONE = '12025550100';
const TIMEOUT_MS = 60_000;
const ENDS = ['Approved', 'Test refused', 'Does not fit', 'Still waiting', 'Refused', 'Not submitted', 'Something is missing'];

/** A template from creation to its first message, with all detours. */
export async function templateOnboardingStory({ step }: Pick<Steps, 'step'>, alone: Alone): Promise<void> {
	const { api, sandbox } = alone;
	const ran = new Set<string>();
	const workflow = await step('onboarding: the workflow is imported', async () => await importWorkflow(alone, PATH));
	if (!workflow) return;

	/** Fills in *Create the template* and *Your test*, executes, and returns the last node's output. */
	const onboard = async (fields: Record<string, string | number>, meanwhile = async (): Promise<unknown> => undefined) => {
		await saveWorkflow(api, filledIn(workflow.file, { buttonUrl: 'https://shop.example/confirm', yourPhone: PHONE, minutesBetweenLooks: 1 / 60, ...fields }));
		const [run] = await Promise.all([runWorkflow(api, workflow.id, 'Start'), meanwhile()]);
		for (const node of run.nodes) ran.add(node);
		return said(run);
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

	await step('onboarding: what is not filled in is named, and nothing is submitted', async () => {
		const { result, whatHappened } = await onboard({ yourPhone: '' });
		assert.equal(result, 'notFilledIn');
		assert.equal(whatHappened, 'Nothing was submitted: yourPhone in Your test is empty.');
		assert.deepEqual(await sandbox.calls('addTemplate'), []);
	});

	await step('onboarding: submitted, approved while the workflow waits, tested on the own phone', async () => {
		const { result, whatHappened } = await onboard({ templateName: 'shelf_arrival' }, decide('shelf_arrival', 'approved'));
		assert.equal(result, 'approved', whatHappened);
		assert.match(whatHappened ?? '', /is approved. The test to 12025550100 is (delivered|read)\.$/);
		const [message] = await sandbox.messagesTo(PHONE);
		assert.equal(message?.text, 'Hello, Alexey! For order #10482, item "Oak shelf" is now in stock. This is a test.');
		assert.ok(ran.has('Give them time'));
	});

	await step('onboarding: a second run submits nothing and tests again', async () => {
		const before = (await sandbox.calls('addTemplate')).length;
		assert.equal((await onboard({ templateName: 'shelf_arrival' })).result, 'approved');
		assert.equal((await sandbox.calls('addTemplate')).length, before);
		assert.equal((await sandbox.messagesTo(PHONE)).length, 2);
	});

	await step('onboarding: a test that fails on its way says why and what to do', async () => {
		const { result, whatHappened, whatToDo } = await onboard({ templateName: 'shelf_arrival', yourPhone: '12025550101' });
		assert.equal(result, 'testFailed');
		assert.match(whatHappened ?? '', /is failed: ./);
		assert.ok(whatToDo);
	});

	await step('onboarding: a phone that is none is said after the approval', async () => {
		const { result, whatHappened } = await onboard({ templateName: 'shelf_arrival', yourPhone: 'my phone' });
		assert.equal(result, 'testRefused');
		assert.match(whatHappened ?? '', /is approved, but the test was not sent: ./);
	});

	await step('onboarding: rejected while the workflow waits', async () => {
		const { result, whatToDo } = await onboard({ templateName: 'shelf_advert' }, decide('shelf_advert', 'rejected'));
		assert.equal(result, 'rejected');
		assert.match(whatToDo ?? '', /take another Template Name/);
	});

	await step('onboarding: the reason of a rejection is told', async () => {
		const { result, whatHappened } = await onboard({ templateName: 'stock_arrival_rejected' });
		assert.equal(result, 'rejected');
		assert.match(whatHappened ?? '', /is rejected: INVALID_FORMAT\.$/);
	});

	await step('onboarding: paused is told, with what to do', async () => {
		const { result, whatToDo } = await onboard({ templateName: 'stock_arrival_paused' });
		assert.equal(result, 'paused');
		assert.match(whatToDo ?? '', /comes back by itself/);
	});

	await step('onboarding: not decided after all the looks: it stops by itself', async () => {
		const before = (await sandbox.calls('templates')).length;
		const { result } = await onboard({ templateName: 'stock_arrival_pending', mostLooks: 2 });
		assert.equal(result, 'stillWaiting');
		assert.ok((await sandbox.calls('templates')).length - before >= 3);
	});

	await step('onboarding: removed while the workflow waits', async () => {
		const { result } = await onboard({ templateName: 'shelf_gone', minutesBetweenLooks: 3 / 60 }, async () => {
			await isPending('shelf_gone');
			await sandbox.control('DELETE', 'templates', { name: 'shelf_gone' });
		});
		assert.equal(result, 'gone');
	});

	await step('onboarding: a template of that name that does not fit is not sent', async () => {
		const { result } = await onboard({ templateName: 'stock_no_variables' });
		assert.equal(result, 'doesNotFit');
	});

	await step('onboarding: what cannot be submitted says what is wrong', async () => {
		const { result, whatHappened } = await onboard({ templateName: 'Not a name' });
		assert.equal(result, 'notSubmitted');
		assert.match(whatHappened ?? '', /^The template was not submitted: ./);
	});

	await step('onboarding: without a page behind the button n8n names the field', async () => {
		await saveWorkflow(api, filledIn(workflow.file, { yourPhone: PHONE, buttonUrl: '' }));
		const { status, error } = await runWorkflow(api, workflow.id, 'Start');
		assert.equal(status, 'error');
		assert.match(error, /Parameter "Button URL" is required/);
	});

	await step('onboarding: every node of the workflow has run', async () => everyNodeRan(workflow, ran));
}

function said(run: Ran): Record<string, string> {
	assert.equal(run.status, 'success', run.error);
	const [item, ...more] = ENDS.flatMap((node) => run.items(node));
	assert.deepEqual(more, []);
	assert.ok(item, `none of the ends was reached, but ${run.nodes.join(', ')}`);
	return item as Record<string, string>;
}

/** The workflow with these values in *Create the template* and *Your test*. */
function filledIn(file: WorkflowFile, fields: Record<string, string | number>): WorkflowFile {
	const nodes = file.nodes.map((node) => {
		const { parameters } = node;
		if (node.name === 'Create the template') return { ...node, parameters: { ...parameters, ...only(fields, parameters) } };
		if (node.name !== 'Your test') return node;
		const { assignments } = parameters.assignments as { assignments: Array<{ name: string; value: string | number }> };
		const filled = assignments.map((each) => ({ ...each, value: fields[each.name] ?? each.value }));
		return { ...node, parameters: { ...parameters, assignments: { assignments: filled } } };
	});
	return { ...file, nodes };
}

/** Fields present in the parameters. */
function only(fields: Record<string, string | number>, parameters: Record<string, unknown>): Record<string, string | number> {
	return Object.fromEntries(Object.entries(fields).filter(([name]) => name in parameters));
}
