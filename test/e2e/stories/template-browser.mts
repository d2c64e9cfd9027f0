import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Environment } from '../../../harness/environment.mts';
import type { CredentialReference } from '../../../harness/n8n/credential.mts';
import { withCredential, type WorkflowFile } from '../../../harness/n8n/workflow.mts';
import { PACKAGE_NAME } from '../../../harness/package/install.mts';
import { labelsAreReadable, openPanel, openWorkflow } from '../browser/editor.mts';
import type { EditorBrowser } from '../browser/editor-browser.mts';
import { takePictures } from '../browser/pictures.mts';
import type { Steps } from '../steps.mts';

const PICKED = 'stock_arrival · es · UTILITY';
const NOT_FITTING = 'sign_in_code · en · AUTHENTICATION';
const PICTURE = 'https://shop.example/media/shoes.png';

/** An image header, named variables, and a button of each common kind. */
const RICH = {
	name: 'order_back_in_stock',
	language: 'en',
	parameter_format: 'NAMED',
	components: [
		{ type: 'HEADER', format: 'IMAGE', example: { header_handle: [PICTURE] } },
		{
			type: 'BODY',
			text: 'Hello {{customer}}, good news: {{product}} of your order {{order}} has arrived in our shop.',
			example: {
				body_text_named_params: [
					{ param_name: 'customer', example: 'Anna' },
					{ param_name: 'product', example: 'Trail shoes' },
					{ param_name: 'order', example: '10482' },
				],
			},
		},
		{
			type: 'BUTTONS',
			buttons: [
				{ type: 'QUICK_REPLY', text: 'Keep it for me' },
				{ type: 'URL', text: 'See the order', url: 'https://shop.example/o/{{1}}', example: ['https://shop.example/o/10482'] },
			],
		},
	],
};
const RICH_VALUES = { header_media: PICTURE, body_customer: 'Anna', body_product: 'Trail shoes', body_order: '10482', button_1: '10482' };

const ARRIVAL = { customerName: 'Anna', orderReference: '10482', productName: 'Trail shoes', nextStep: 'It ships tomorrow' };
const RICH_CHOICE = { __rl: true, mode: 'list', value: 'order_back_in_stock|en', cachedResultName: 'order_back_in_stock · en · UTILITY' };

/** A customer whose order has arrived, as the input of every state. */
const ORDER = { ...ARRIVAL, phone: '+1 202 555 0100', optedIn: true };
const FROM_ORDER = Object.fromEntries(Object.keys(ORDER).map((field) => [field, `={{ $json.${field} }}`]));
const ARRIVAL_CHOICE = { __rl: true, mode: 'list', value: 'stock_arrival|en', cachedResultName: 'stock_arrival · en · UTILITY' };

/** Our node in each inspected state, by its name on the canvas. */
const NODES: Record<string, Record<string, unknown>> = {
	'Pick a template': { resource: 'message', operation: 'sendStockArrivalTemplate', phone: '+1 202 555 0100', ...ARRIVAL },
	'Send stock arrival': { resource: 'message', operation: 'sendStockArrivalTemplate', template: ARRIVAL_CHOICE, ...FROM_ORDER, sendOnce: true },
	'Fill a template': { resource: 'message', operation: 'sendTemplate', phone: '+1 202 555 0100' },
	'Leave one empty': {
		resource: 'message',
		operation: 'sendTemplate',
		template: RICH_CHOICE,
		phone: '+1 202 555 0100',
		variables: { mappingMode: 'defineBelow', value: { ...RICH_VALUES, body_product: '={{ $json.colour }}' } },
	},
	'Wrong phone': {
		resource: 'message',
		operation: 'sendStockArrivalTemplate',
		template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
		phone: '={{ "12-34" }}',
		...ARRIVAL,
	},
	'Refused by the service': {
		resource: 'message',
		operation: 'sendStockArrivalTemplate',
		template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
		phone: '+1 202 555 0112',
		...ARRIVAL,
	},
	'List templates': { resource: 'template', operation: 'getMany' },
	'Create a template': { resource: 'template', operation: 'createStockArrivalTemplate' },
	'Ask the channel': { resource: 'channel', operation: 'getChannelStatus' },
	'Try it out': {
		resource: 'message',
		operation: 'sendStockArrivalTemplate',
		template: { __rl: true, mode: 'name', value: 'stock_arrival|en' },
		phone: '+1 202 555 0100',
		...ARRIVAL,
		nextStep: '=It ships\ntomorrow',
		options: { dryRun: true },
	},
};

const SEND_LABELS = [
	'Credential', 'Resource', 'Operation', 'Template', 'Recipient', 'Customer Name {{1}}', 'Order Reference {{2}}', 'Product Name {{3}}', 'Next Step {{4}}',
	'Send Once', 'Opted In', 'Dry Run', 'Wait Until', 'Options',
];

/** Templates, errors and the credential as a no-code user sees them; saves screenshots in the folder. */
export async function templateBrowserStory({ step }: Pick<Steps, 'step'>, environment: Environment, editor: EditorBrowser, folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const workflow = await step('templates: a workflow with our node in every state is saved', () => saveStates(environment));
	const page = await step("templates: n8n's editor opens for its owner", () => editor.page());
	if (!page) return;
	const shot = (name: string) => page.screenshot({ path: join(folder, `templates-${name}.png`) });
	const open = async (node: string) => {
		if (await at(page, 'ndv-close-button').isVisible()) await at(page, 'ndv-close-button').click();
		else await openWorkflow(page, environment, workflow ?? '', node);
		await openPanel(page, node);
	};

	await step("templates: the list shows the fitting templates' name, language and category, is searched, and shows the others on request", async () => {
		await open('Pick a template');
		await shot('nothing-chosen');
		await at(page, 'rlc-input').click();
		const rows = at(page, 'rlc-item');
		await rows.filter({ hasText: PICKED }).waitFor({ state: 'attached' });
		await shot('list');
		const fitting = await rows.allInnerTexts();
		for (const row of fitting) assert.match(row, /^stock_arrival\S* · [a-zA-Z_]+ · [A-Z]+ · \S/);
		await page.keyboard.press('Escape');
		await at(page, 'parameter-input-listUnfitTemplates').locator('.el-switch, [role="switch"]').first().click();
		await at(page, 'rlc-input').click();
		await rows.filter({ hasText: NOT_FITTING }).waitFor({ state: 'attached' });
		const all = await rows.allInnerTexts();
		assert.deepEqual(all.slice(0, fitting.length), fitting);
		for (const row of all.slice(fitting.length)) assert.match(row, /does not fit/);
		await shot('list-all');
		await at(page, 'rlc-search').fill('arrival es');
		await rows.filter({ hasText: NOT_FITTING }).waitFor({ state: 'detached' });
		await rows.filter({ hasText: PICKED }).waitFor();
		await shot('list-searched');
		await rows.filter({ hasText: PICKED }).click();
		await hasValue(page.locator('input[data-test-id="rlc-input"], [data-test-id="rlc-input"] input'), PICKED);
	});

	await step('templates: the whole text of the chosen template is under it', async () => {
		const text = at(page, 'empty-fields-notice');
		await text.getByText('{{4}}').waitFor();
		await shot('list-chosen');
	});

	await step("templates: the send's panel has readable labels, and sends", async () => {
		await open('Send stock arrival');
		await at(page, 'empty-fields-notice').getByText('{{4}}').waitFor();
		await labelsAreReadable(page, SEND_LABELS);
		await shot('send-lower-half');
		await page.locator('[data-test-id="ndv"]').getByText('Credential', { exact: true }).first().scrollIntoViewIfNeeded();
		await execute(page);
		await outputHas(page, 'accepted', 'Hello, Anna!');
		await at(page, 'output-panel').locator('[data-test-id="radio-button-schema"]').click();
		await takePictures(page, folder, 'node-send', at(page, 'ndv'));
		await at(page, 'output-panel').locator('[data-test-id="radio-button-table"]').click();
		await page.locator('[data-test-id="collection-parameter-add"]').first().click();
		const option = (label: string) => page.getByText(label, { exact: true }).last();
		await option('Retry For (Seconds)').waitFor();
		await option('Send Again').waitFor();
		await shot('add-option');
		await page.keyboard.press('Escape');
	});

	await step('templates: choosing one with picture, names and buttons shows its fields, and a dry run its text', async () => {
		await open('Fill a template');
		await at(page, 'rlc-input').click();
		await at(page, 'rlc-search').fill('back_in');
		await at(page, 'rlc-item').filter({ hasText: RICH.name }).click();
		await at(page, 'parameter-input-body_customer').waitFor();
		await shot('variables-empty');
		const panel = await at(page, 'node-parameters').innerText();
		for (const part of ['Header Image', '{{customer}}', '{{product}}', '{{order}}', 'See the order']) assert.ok(panel.includes(part), `${part} is missing in: ${panel}`);
		const marks = await at(page, 'mapping-fields-container').locator('[data-test-id="parameter-issues"]').count();
		assert.equal(marks, Object.keys(RICH_VALUES).length, 'Every required variable is marked while it is empty.');
		for (const [id, value] of Object.entries(RICH_VALUES)) await at(page, `parameter-input-${id}`).locator('input').fill(value);
		await at(page, 'parameter-input-dryRun').locator('.el-switch, [role="switch"]').first().click();
		await execute(page);
		await outputHas(page, 'rehearsed', 'Hello Anna, good news: Trail shoes of your order 10482 has arrived in our shop.');
		await at(page, 'output-panel').locator('[data-test-id="radio-button-schema"]').click();
		await takePictures(page, folder, 'templates-variables-filled', at(page, 'ndv'));
		await at(page, 'output-panel').locator('[data-test-id="radio-button-table"]').click();
	});

	await step('templates: an empty variable is named, with the sentence it stands in', async () => {
		await open('Leave one empty');
		await at(page, 'parameter-input-body_product').waitFor();
		await execute(page);
		await outputHas(page, '{{product}}', 'good news: {{product}} of your order');
		await shot('error-empty-variable');
	});

	await step('templates: a wrong phone is refused in our words', async () => {
		await open('Wrong phone');
		await execute(page);
		await outputHas(page, '12-34', 'phone');
		await shot('error-phone');
	});

	await step("templates: the service's refusal is told in our words", async () => {
		await open('Refused by the service');
		await execute(page);
		await outputHas(page, 'subscription');
		await takePictures(page, folder, 'templates-error-service', at(page, 'ndv'));
	});

	await step('templates: hints say that a dry run sent nothing, and that a value lost a line break', async () => {
		await open('Try it out');
		await execute(page);
		await outputHas(page, 'Dry Run is on: nothing was sent.', 'WhatsApp allows no line breaks');
		await shot('hints');
	});

	await step('templates: Get Many has its fields and lists them', async () => {
		await open('List templates');
		await labelsAreReadable(page, ['Resource', 'Operation', 'Return All', 'Limit', 'Options']);
		await execute(page);
		await outputHas(page, RICH.name, 'stock_carousel');
		await shot('get-many');
	});

	await step('templates: Create Stock Arrival Template offers languages with ready wordings', async () => {
		await open('Create a template');
		await labelsAreReadable(page, ['Template Name', 'Language', 'Body Text', 'Button Text', 'Button URL', 'Sample Values']);
		await shot('create');
		await bodyHas(page, 'Hello');
		await at(page, 'parameter-input-languageCode').click();
		const spanish = page.getByRole('option', { name: 'Spanish' }).first();
		await spanish.waitFor();
		await shot('create-languages');
		await spanish.click();
		await bodyHas(page, 'Hola');
		await shot('create-spanish');
	});

	await step('templates: Get Channel Status runs', async () => {
		await open('Ask the channel');
		await execute(page);
		await outputHas(page, environment.sandbox?.channelId ?? '', 'connected');
		await shot('channel-status');
	});

	await step('templates: the credential says that it works, and in our words that a token is wrong', async () => {
		await at(page, 'credential-edit-button').click();
		await at(page, 'credentials-config-container-test-success').waitFor();
		await shot('credential-works');
		await at(page, 'parameter-input-apiToken').locator('input').fill('wrong-token');
		await at(page, 'credential-save-button').click();
		const dialog = at(page, 'editCredential-modal');
		await dialog.getByText('More details').or(dialog.getByText('The token was rejected')).first().waitFor();
		if (await dialog.getByText('More details').isVisible()) await dialog.getByText('More details').click();
		await dialog.getByText('The token was rejected').first().waitFor();
		await shot('credential-wrong-token');
	});
}

/** Saves the workflow with its own credential, which the story breaks; returns the workflow's ID. */
async function saveStates({ api, sandbox }: Environment): Promise<string> {
	assert.ok(sandbox);
	await sandbox.control('POST', 'templates', RICH);
	const { baseUrl, channelId, token } = sandbox;
	const name = '1MSG channel of the template story';
	const { id } = await api.call<CredentialReference>('POST', '/credentials', { name, type: 'oneMsgChannelApi', data: { channelId, apiToken: token, baseUrl } });
	const names = Object.keys(NODES);
	const nodes = Object.entries(NODES).map(([node, parameters], index) => ({
		id: `template-story-${index}`,
		name: node,
		type: `${PACKAGE_NAME}.oneMsg`,
		typeVersion: 2,
		// In one column, so that no wire covers a node.
		position: [300, 130 * index],
		parameters,
	}));
	const start = { id: 'template-story-start', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} };
	const workflow: WorkflowFile & { pinData: object } = {
		name: 'Template story',
		nodes: [start, ...nodes],
		connections: { Start: { main: [names.map((node) => ({ node, type: 'main', index: 0 }))] } },
		settings: {},
		pinData: { Start: [{ json: ORDER }] },
	};
	const saved = await api.call<{ id: string }>('POST', '/workflows', { ...workflow, ...withCredential(workflow, { id, name }) });
	return saved.id;
}

function at(page: Page, testId: string): Locator {
	return page.locator(`[data-test-id="${testId}"]`);
}

async function execute(page: Page): Promise<void> {
	await at(page, 'node-execute-button').click();
}

/** Asserts that the output panel shows each text, as a reader would find it. */
async function outputHas(page: Page, ...texts: string[]): Promise<void> {
	const panel = page.locator('[data-test-id="output-panel"]');
	for (const text of texts) await panel.getByText(text).first().waitFor();
}

async function hasValue(input: Locator, value: string): Promise<void> {
	await input.first().waitFor();
	const shown = await input.first().inputValue();
	assert.ok(shown.startsWith(value), shown);
}

async function bodyHas(page: Page, text: string): Promise<void> {
	const box = page.locator('[data-test-id="parameter-input-bodyText"] textarea').first();
	await box.waitFor();
	await page.waitForFunction(
		([expected]) => {
			const { document } = globalThis as unknown as { document: { querySelector: (selector: string) => { value: string } | null } };
			return document.querySelector('[data-test-id="parameter-input-bodyText"] textarea')?.value.includes(expected ?? '');
		},
		[text],
	);
}
