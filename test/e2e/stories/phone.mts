import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { request } from 'undici';
import { Sandbox } from '../../../harness/sandbox-program.mts';
import { waitFor } from '../../../harness/process/wait-for.mts';
import { startChromium } from '../browser/chromium.mts';
import type { Steps } from '../steps.mts';

const TIMEOUT_MS = 10_000;
const NAMESPACE = '5a4db0c5_0000_4aaa_8bbb_5a4db0c50001';
const FOREIGN_WEBHOOK = 'https://app.1msg.io/service/inbox';
const SCRIPT = '<img src=x onerror="document.title=\'broken in\'">';
const DESK = { width: 1440, height: 900 };
const WIDE = { width: 1600, height: 900 };
const NARROW = { width: 360, height: 740 };

export interface PhoneOptions {
	/** The story's own: the sandbox's log. */
	folder: string;
	/** Screenshots of every view. */
	screenshots: string;
}

/** The sandbox's phone page in a real browser; no n8n. */
export async function phoneStory({ step, mustStep }: Pick<Steps, 'step' | 'mustStep'>, { folder, screenshots }: PhoneOptions): Promise<void> {
	await mkdir(folder, { recursive: true });
	await mkdir(screenshots, { recursive: true });
	const browser = await step('phone: a browser starts', () => startChromium((line) => console.log(`      ${line}`)));
	if (!browser) return;
	const sandbox = await Sandbox.start({ port: 0, log: join(folder, 'sandbox.log') });
	const hooks = await catchHooks();
	const shot = (page: Page, name: string) => page.screenshot({ path: join(screenshots, `${name}.png`) });
	try {
		// Statuses change only when a step says so.
		await sandbox.control('POST', 'settings', { sentAfterMs: 3_600_000, deliveredAfterMs: 3_600_000 });
		await channelCall(sandbox, 'webhook', { webhookUrl: [FOREIGN_WEBHOOK, hooks.url] });
		await channelCall(sandbox, 'settings', { ackNotificationsOn: true, rawHooks: true });
		const { page, problems } = await openPage(browser, sandbox, DESK);

		await mustStep('phone: an empty channel says what to do, and sends a sample', async () => {
			await shot(page, 'phone-empty');
			await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
			const connect = page.locator('#no-chats');
			await connect.getByRole('button', { name: 'Copy the API token' }).click();
			await page.getByText('API token copied').waitFor();
			assert.equal(await page.evaluate('navigator.clipboard.readText()'), sandbox.token);
			assert.equal((await page.content()).includes(sandbox.token), false);
			await connect.getByRole('button', { name: 'Show the API token' }).click();
			await connect.getByText(sandbox.token, { exact: true }).waitFor();
			await connect.getByText(sandbox.baseUrl, { exact: true }).waitFor();
			await connect.getByRole('button', { name: 'Hide the API token' }).click();
			assert.equal(await page.getByRole('button', { name: 'Stock arrives' }).isVisible(), false);
			await page.getByRole('button', { name: 'Send a sample' }).click();
			await customer(page, '+1 202 555 0150').waitFor();
			await page.getByText('No messages yet').waitFor({ state: 'hidden' });
		});

		await step('phone: the only customer is open from the start, until one goes back to the list', async () => {
			await page.getByRole('heading', { name: '+1 202 555 0150' }).waitFor();
			await customer(page, '+1 202 555 0150').getByText('Anna', { exact: true }).waitFor();
			const { page: narrow } = await openPage(browser, sandbox, NARROW);
			await narrow.getByRole('link', { name: 'Back to customers' }).click();
			await customer(narrow, '+1 202 555 0150').waitFor();
			await sandbox.control('POST', 'settings', { shopName: 'A refresh' });
			await narrow.locator('#shop-title').getByText('A refresh').waitFor({ state: 'attached' });
			assert.equal(await narrow.locator('#open-chat').isVisible(), false);
			await sandbox.control('POST', 'settings', { shopName: 'Your shop' });
			await narrow.close();
		});

		await step('phone: messages appear live, and text stays text', async () => {
			await send(sandbox, '12025550151', SCRIPT);
			await customer(page, '+1 202 555 0151').click();
			await chat(page).getByText(SCRIPT).waitFor();
			await send(sandbox, '12025550151', 'Boris');
			await chat(page).getByText('Hello, Boris! For order #10482, item "Trail shoes" is now in stock. It ships tomorrow.').waitFor();
			assert.equal(await page.locator('img').count(), 0);
			assert.equal(await page.title(), '1MSG sandbox');
		});

		await step("phone: it is the customer's: the shop on top, and no ticks on what the shop wrote", async () => {
			await page.getByRole('heading', { name: 'Your shop' }).waitFor();
			await page.getByRole('heading', { name: '+1 202 555 0151' }).waitFor();
			await sandbox.control('POST', 'settings', { shopName: SCRIPT });
			await page.getByRole('heading', { name: SCRIPT }).waitFor();
			await sandbox.control('POST', 'settings', { shopName: 'Trail & Co' });
			await page.getByRole('heading', { name: 'Trail & Co' }).waitFor();
			assert.equal(await chat(page).locator('.out .ticks').count(), 0);
			await page.getByLabel('Answer as this customer').fill('And blue ones?');
			await page.keyboard.press('Enter');
			const own = chat(page).getByRole('article', { name: 'From the customer' });
			await own.getByText('Delivered to the shop').waitFor({ state: 'attached' });
			const [left, right] = [await chat(page).locator('.out article').first().boundingBox(), await own.boundingBox()];
			assert.ok(left && right && left.x < right.x);
		});

		await step('phone: states change as statuses happen, and a failure says why, also one after the delivery', async () => {
			const id = await send(sandbox, '12025550152', 'Clara');
			await customer(page, '+1 202 555 0152').click();
			const message = bubble(page, id);
			for (const status of ['Accepted', 'Sent', 'Delivered', 'Read']) {
				if (status !== 'Accepted') await happens(sandbox, id, status.toLowerCase());
				await message.getByRole('article', { name: `From the shop, ${status.toLowerCase()}` }).waitFor();
				const isThere = ['Delivered', 'Read'].includes(status);
				await message.getByText(isThere ? status : `On its way: ${status.toLowerCase()}.`, { exact: isThere }).waitFor();
			}
			const failing = await send(sandbox, '12025550152', 'Clara');
			await happens(sandbox, failing, 'failed', 131026);
			await bubble(page, failing).getByText('Message undeliverable (131026)').waitFor();
			const late = await send(sandbox, '12025550152', 'Clara');
			await happens(sandbox, late, 'delivered');
			await bubble(page, late).getByRole('button', { name: 'About this message' }).click();
			await page.getByRole('dialog').getByLabel('Failure reason').selectOption('delivery-131049');
			await page.getByRole('dialog').getByRole('button', { name: 'Failed', exact: true }).click();
			await bubble(page, late).getByText('Delivered, then reported as failed:').waitFor();
			await bubble(page, late).getByRole('article', { name: 'From the shop, delivered' }).waitFor();
			await shot(page, 'phone-late-failure');
		});

		await step('phone: what was not delivered cannot be tapped, and says why', async () => {
			const id = await send(sandbox, '12025550152', 'Clara');
			const button = bubble(page, id).getByRole('button', { name: 'Confirm shipment' });
			await bubble(page, id).getByText('On its way: accepted. Its buttons work once it is delivered.').waitFor();
			assert.equal(await button.isDisabled(), true);
			await happens(sandbox, id, 'failed', 131026);
			await bubble(page, id).getByText('Nobody can tap its buttons.').waitFor();
			assert.equal(await button.isDisabled(), true);
			assert.equal(await bubble(page, id).getByRole('link').count(), 0);
			await happens(sandbox, id, 'delivered');
			await bubble(page, id).getByRole('link', { name: 'Confirm shipment' }).waitFor();
		});

		await step('phone: a tap on a quick reply goes out as a message with its payload', async () => {
			const id = await send(sandbox, '12025550153', 'Анна', {
				template: 'stock_quick_replies',
				language: { policy: 'deterministic', code: 'ru' },
				params: [texts('Анна', 'Кроссовки'), { type: 'button', sub_type: 'quick_reply', index: 0, parameters: [{ type: 'payload', payload: 'ship-10482' }] }],
			});
			await happens(sandbox, id, 'delivered');
			await customer(page, '+1 202 555 0153').click();
			await bubble(page, id).getByRole('button', { name: 'Отправляйте' }).click();
			const tapped = await hooks.find('"ship-10482"');
			assert.match(tapped, /"button":\{"text":"Отправляйте","payload":"ship-10482"\}/);
			assert.ok(tapped.includes(JSON.stringify({ id })), tapped);
			await chat(page).getByRole('article', { name: 'From the customer' }).waitFor();
		});

		await step("phone: a tap on the shop's link opens its order page, which tells n8n at one press", async () => {
			const id = await send(sandbox, '12025550160', 'Greta');
			await happens(sandbox, id, 'delivered');
			await customer(page, '+1 202 555 0160').click();
			const { order, problems: broken } = await tapLink(page, bubble(page, id).getByRole('link', { name: 'Confirm shipment' }));
			assert.equal(new URL(order.url()).pathname, '/shop/orders/10482');
			await order.getByRole('heading', { name: 'Order 10482' }).waitFor();
			for (const text of ['Trail & Co', 'Hello, Greta!', 'Trail shoes', 'It ships tomorrow']) await order.getByText(text, { exact: true }).waitFor();
			await order.setViewportSize(NARROW);
			await fits(order, 'order');
			await shot(order, 'order-360');
			const press = () => order.getByRole('button', { name: 'Confirm shipment' }).click();
			await press();
			await order.getByText('Nobody was told.').waitFor();
			await order.getByText('No address is set for confirmations.').waitFor();
			await fits(order, 'order, nobody told');
			await shot(order, 'order-360-nobody');
			await sandbox.control('POST', 'settings', { confirmUrl: hooks.url.replace('/hook', '/404'), confirmHeader: { name: 'X-Shop-Key', value: 'key' } });
			await press();
			await order.getByText('That did not work. Please try again.').waitFor();
			await order.getByText('n8n answered 404: it has no such webhook. Publish the workflow').waitFor();
			await sandbox.control('POST', 'settings', { confirmUrl: hooks.url });
			await press();
			await order.getByText('Thank you!').waitFor();
			await order.getByText('n8n was told: it answered 200').waitFor();
			assert.equal(await order.getByRole('button').count(), 0);
			await fits(order, 'order, confirmed');
			await shot(order, 'order-360-done');
			assert.equal(await hooks.find('"orderReference":"10482"'), '{"orderReference":"10482"}');
			await order.reload();
			await order.getByText('Order 10482 is confirmed. It ships tomorrow.').waitFor();
			await order.emulateMedia({ colorScheme: 'dark' });
			await shot(order, 'order-360-done-dark');
			assert.equal(hooks.count('"orderReference"'), 2);
			assert.deepEqual(broken, []);
			await order.close();
			await bubble(page, id).getByText("order 10482 confirmed on the shop's page").waitFor();
		});

		await step('phone: what a sender wrote stays text on the order page too', async () => {
			const id = await send(sandbox, '12025550161', SCRIPT, { params: [texts(SCRIPT, SCRIPT, SCRIPT, SCRIPT)] });
			await happens(sandbox, id, 'delivered');
			await customer(page, '+1 202 555 0161').click();
			const { order, problems: broken } = await tapLink(page, bubble(page, id).getByRole('link', { name: 'Confirm shipment' }));
			await order.getByRole('heading', { name: `Order ${SCRIPT}` }).waitFor();
			await order.getByRole('button', { name: 'Confirm shipment' }).click();
			await order.getByText('Thank you!').waitFor();
			assert.equal(await order.locator('img').count(), 0);
			assert.deepEqual(broken, []);
			await order.goto(`${sandbox.baseUrl}/shop/orders/10482?message=nothing`);
			await order.getByRole('heading', { name: 'No such order' }).waitFor();
			await order.close();
		});

		await step('phone: other links are plain links, and what is no web page is none', async () => {
			const buttons = [
				{ type: 'URL', text: 'Elsewhere', url: 'https://1msg.io/' },
				{ type: 'URL', text: 'An example', url: 'https://elsewhere.example/p' },
				{ type: 'URL', text: 'A script', url: "javascript:document.title='broken in'" },
			];
			const components = [{ type: 'BODY', text: 'Three links.' }, { type: 'BUTTONS', buttons }];
			await sandbox.control('POST', 'templates', { name: 'links', language: 'en', components });
			const id = await send(sandbox, '12025550162', '', { template: 'links', params: [] });
			await happens(sandbox, id, 'delivered');
			await customer(page, '+1 202 555 0162').click();
			const elsewhere = bubble(page, id).getByRole('link', { name: 'Elsewhere' });
			for (const [name, value] of [['href', 'https://1msg.io/'], ['target', '_blank'], ['rel', 'noopener noreferrer']] as const) assert.equal(await elsewhere.getAttribute(name), value);
			assert.equal(await bubble(page, id).getByRole('link').count(), 1);
			for (const { text, url } of buttons.slice(1)) {
				await bubble(page, id).getByRole('button', { name: text }).click();
				await page.getByText(`The phone opens ${url}, which the sandbox does not.`).waitFor();
			}
			assert.equal(await page.title(), '1MSG sandbox');
		});

		await step('phone: stock arrives at a press, and n8n is told', async () => {
			const arrivalEvents = [{ sku: 'SHOES-42', productName: SCRIPT }, { sku: 'SHELF-1' }];
			await sandbox.control('POST', 'settings', { arrivalUrl: hooks.url, arrivalHeader: { name: 'X-Warehouse-Key', value: 'w' }, arrivalEvents });
			const arrives = page.getByRole('button', { name: 'Stock arrives' });
			await arrives.click();
			await page.getByText(`${SCRIPT}: n8n answered 200.`).waitFor();
			await arrives.click();
			await page.getByText('SHELF-1: n8n answered 200.').waitFor();
			for (const event of arrivalEvents) assert.equal(await hooks.find(`"sku":"${event.sku}"`), JSON.stringify(event));
			await sandbox.control('POST', 'settings', { arrivalUrl: hooks.url.replace('/hook', '/403') });
			await arrives.click();
			await page.getByText('n8n answered 403: the header is missing or wrong.').waitFor();
			await sandbox.control('POST', 'settings', { arrivalUrl: null });
			await arrives.waitFor({ state: 'hidden' });
			await sandbox.control('POST', 'settings', { arrivalUrl: hooks.url });
			await arrives.waitFor();
		});

		await step('phone: the cards of a carousel are side by side, each with its buttons', async () => {
			const card = (index: number) => ({
				card_index: index,
				components: [
					{ type: 'header', parameters: [{ type: 'image', image: { link: `https://shop.example/${index}.png` } }] },
					texts(`Shoe ${index}`),
					{ type: 'button', sub_type: 'quick_reply', index: 0, parameters: [{ type: 'payload', payload: `keep-${index}` }] },
					{ type: 'button', sub_type: 'url', index: 1, parameters: [{ type: 'text', text: String(index) }] },
				],
			});
			const params = [texts('Ida'), { type: 'carousel', cards: [card(0), card(1)] }];
			await happens(sandbox, await send(sandbox, '12025550159', 'Ida', { template: 'stock_carousel', params }), 'delivered');
			await customer(page, '+1 202 555 0159').click();
			const second = chat(page).getByRole('list', { name: 'Cards' }).getByRole('listitem').nth(1);
			await second.getByText('Shoe 1 is back.').waitFor();
			await shot(page, 'phone-carousel');
			await second.getByRole('button', { name: 'Keep one for me' }).click();
			await hooks.find('"keep-1"');
		});

		await step('phone: a customer answers, with a quote, and a new one writes first', async () => {
			const id = await send(sandbox, '12025550154', 'Dora');
			await customer(page, '+1 202 555 0154').click();
			await bubble(page, id).getByRole('button', { name: 'About this message' }).click();
			await shot(page, 'phone-details');
			await page.getByRole('dialog').getByRole('button', { name: 'Answer it' }).click();
			await page.getByLabel('Answer as this customer').fill('Please *ship* it');
			await page.keyboard.press('Enter');
			const answer = await hooks.find('Please *ship* it');
			assert.ok(answer.includes(JSON.stringify({ id })), answer);
			await chat(page).locator('b', { hasText: 'ship' }).waitFor();
			await chat(page).locator('blockquote', { hasText: 'Hello, Dora!' }).waitFor();
			await page.getByRole('button', { name: 'A new customer writes' }).click();
			await page.getByLabel('Phone, with country code').fill('+44 7700 900123');
			await page.getByLabel('Message', { exact: true }).fill('Tell me when the shoes are back');
			await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
			await page.getByRole('heading', { name: '+44 770 090 0123' }).waitFor();
			await hooks.find('Tell me when the shoes are back');
		});

		await step('phone: a customer reads what was delivered', async () => {
			const id = await send(sandbox, '12025550155', 'Emil');
			await happens(sandbox, id, 'delivered');
			await customer(page, '+1 202 555 0155').getByText('1 unread').waitFor();
			await customer(page, '+1 202 555 0155').click();
			await page.getByRole('button', { name: 'Mark read' }).click();
			await bubble(page, id).getByRole('article', { name: 'From the shop, read' }).waitFor();
			await hooks.find('"status":"read"');
		});

		await step('phone: a customer hides behind a username, and the shop gets no phone', async () => {
			await page.getByRole('button', { name: 'Identity' }).click();
			await page.getByLabel('Username (optional)').fill('emil');
			await page.getByLabel('hide the phone number from the shop').check();
			await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
			await page.getByRole('heading', { name: '@emil' }).waitFor();
			await customer(page, '@emil').waitFor();
			await page.getByLabel('Answer as this customer').fill('Who am I?');
			await page.keyboard.press('Enter');
			const written = await hooks.find('Who am I?');
			assert.ok(written.includes('"username":"emil"') && !written.includes('12025550155'), written);
		});

		await step('phone: the next message fails in the chosen way', async () => {
			const { ways } = await sandbox.control<{ ways: unknown[] }>('GET', 'failures');
			await page.getByText(`${ways.length} ways to fail, in 6 groups`).waitFor();
			assert.equal(await page.getByRole('radio', { includeHidden: true }).and(page.locator('[name="way"]')).count(), ways.length);
			const search = page.getByRole('searchbox', { name: 'Search the ways to fail' });
			await search.fill('no such way');
			await page.getByText('Nothing matches.').waitFor();
			await search.fill('Queued');
			await page.getByText('1 way to fail', { exact: true }).waitFor();
			await page.getByRole('radio', { name: 'queued' }).waitFor();
			await search.press('Enter');
			assert.equal(await page.getByRole('radio', { name: 'queued' }).isChecked(), true);
			assert.equal(await page.locator('#fail-hint.unclear').count(), 1);
			await shot(page, 'phone-ways');
			await customer(page, '+1 202 555 0154').click();
			await page.getByRole('heading', { name: '+1 202 555 0154' }).waitFor();
			assert.equal(await page.getByLabel('To', { exact: true }).inputValue(), '');
			await failNext(page, 'delivery-131049');
			await page.getByRole('list', { name: 'Pending failures' }).getByText('healthy ecosystem engagement (131049) waits for the next message to anyone').waitFor();
			await shot(page, 'phone-waiting');
			await send(sandbox, '12025550156', 'Fred');
			await page.getByRole('list', { name: 'Pending failures' }).locator('li').waitFor({ state: 'detached' });
			await customer(page, '+1 202 555 0156').click();
			await sandbox.control('POST', 'settings', { sentAfterMs: 0, deliveredAfterMs: 1 });
			await failNext(page, 'delivery-131050', '+1 202 555 0156');
			await page.getByRole('list', { name: 'Pending failures' }).getByText('waits for the next message to +1 202 555 0156').waitFor();
			const failing = await send(sandbox, '12025550156', 'Fred');
			await bubble(page, failing).getByText('The customer chose to stop receiving').waitFor();
			await failNext(page, 'refusal-132015', 'anyone');
			await failNext(page, 'service-12025550107', 'anyone');
			const refusals = [await trySend(sandbox, '12025550157', 'Gil'), await trySend(sandbox, '12025550157', 'Gil')];
			assert.deepEqual(refusals.map(({ status }) => status), [400, 500]);
			assert.match(refusals[0]?.text ?? '', /132015/);
			await page.getByText('refused, 500').waitFor();
			await failNext(page, 'service-12025550105', 'anyone');
			assert.match((await trySend(sandbox, '12025550157', 'Gil')).text, /jobId/);
			await page.locator('#last-sends .warn').getByText('queued').waitFor();
			await failNext(page, 'service-hang', 'anyone');
			await page.getByRole('button', { name: 'Clear failures' }).click();
			await page.getByRole('button', { name: 'Clear failures' }).waitFor({ state: 'hidden' });
			assert.equal((await trySend(sandbox, '12025550157', 'Gil')).status, 200);
		});

		await step('phone: the limit goes down and up', async () => {
			const down = page.getByRole('button', { name: 'Lower the limit' });
			for (const word of ['320', '160', '80', '40', '20', '10', '5', '2', '1']) {
				await down.click();
				await page.getByText(`${word} per second`, { exact: true }).waitFor();
			}
			assert.equal(await down.isDisabled(), true);
			const statuses: number[] = [];
			for (let count = 0; count < 4; count++) statuses.push((await trySend(sandbox, '12025550158', 'Hugo')).status);
			assert.ok(statuses.includes(429), String(statuses));
			await page.getByText('refused, 429').first().waitFor();
			await page.getByText(/[1-9] throttled in total/).waitFor();
			await page.getByRole('button', { name: 'Raise the limit' }).click();
			await page.getByText('2 per second', { exact: true }).waitFor();
			await sandbox.control('POST', 'settings', { messagesPerSecond: null });
			await page.getByText('no limit', { exact: true }).waitFor();
		});

		await step('phone: one of many customers is found by phone, text and state', async () => {
			await Promise.all(Array.from({ length: 150 }, (_, guest) => send(sandbox, String(79120000000 + guest), `Guest ${guest}`)));
			await page.getByText(/^1\d\d customers, showing the latest 100$/).waitFor();
			const { customers } = await sandbox.control<{ customers: Record<string, number> }>('GET', 'chats');
			await page.getByRole('radio', { name: `All ${customers.all}` }).waitFor({ state: 'attached' });
			await page.getByText(`${customers.all} customers`).waitFor();
			const search = page.getByRole('searchbox', { name: 'Search customers and messages' });
			await search.fill('+7 912 000-01-23');
			await page.getByText('1 customer', { exact: true }).waitFor();
			await customer(page, '+7 912 000 0123').waitFor();
			await search.fill('guest 77!');
			await customer(page, '+7 912 000 0077').waitFor();
			await search.fill('');
			for (const [name, found] of [['On the way', customers.onTheWay], ['Delivered', customers.delivered], ['Read', customers.read], ['Failed', customers.failed]] as const) {
				await page.getByRole('radio', { name: `${name} ${found}` }).check({ force: true });
				await page.getByText(new RegExp(`^${found} customers?(, showing the latest 100)?$`)).waitFor();
			}
			await customer(page, '+1 202 555 0156').click();
			await page.getByRole('radio', { name: /^All/ }).check({ force: true });
			await page.locator('#notice.shown').waitFor({ state: 'hidden' });
			await shot(page, 'phone-desk');
		});

		await step("phone: the channel's view shows templates, webhooks and calls, and no token", async () => {
			await page.getByRole('link', { name: 'Channel' }).click();
			const section = (name: string) => page.getByRole('region', { name });
			for (const fact of ['Connect n8n', sandbox.channelId, "WhatsApp's own envelope"]) await section('The channel').getByText(fact).waitFor();
			await section('Webhooks').getByText('/hook?secret=***').waitFor();
			await section('Webhooks').getByText('not called', { exact: true }).waitFor();
			await page.getByLabel('Show calls to').selectOption('sends');
			await section('Last calls').locator('summary').first().click();
			await section('Last calls').getByText('"template": "stock_arrival"').first().waitFor();
			await page.getByLabel('Search templates').fill('paused');
			await section('Templates').getByText('1 template').waitFor();
			await section('Templates').locator('summary').first().click();
			await section('Templates').getByRole('combobox').selectOption('approved');
			await page.getByText('stock_arrival_paused is approved').waitFor();
			await page.getByLabel('Search templates').fill('');
			const { templates } = await sandbox.control<{ templates: Array<{ name: string; status: string }> }>('GET', 'templates');
			assert.equal(templates.find(({ name }) => name === 'stock_arrival_paused')?.status, 'approved');
			await section('Webhooks').getByRole('button', { name: 'Disable' }).click();
			await section('Webhooks').getByText('disabled', { exact: true }).waitFor();
			assert.equal((await page.content()).includes(sandbox.token), false);
			await shot(page, 'channel-desk');
			assert.deepEqual(problems, []);
			await page.close();
		});

		await step('phone: in a wide window no time breaks, a way to fail is told whole, and the scroll bar stands at the edge', async () => {
			const { page: wide } = await openPage(browser, sandbox, WIDE);
			await wide.locator('#last-sends time').nth(5).waitFor();
			const broken = await wide.evaluate("[...document.querySelectorAll('#last-sends time')].filter((e) => e.getClientRects().length > 1).length");
			assert.equal(broken, 0);
			await wide.locator('#fail-hint').getByText('Message undeliverable (131026)').waitFor();
			await fits(wide, 'phones');
			await wide.getByRole('link', { name: 'Channel' }).click();
			await wide.getByRole('heading', { name: 'Templates' }).waitFor();
			assert.equal(await wide.evaluate("document.querySelector('#channel').getBoundingClientRect().right"), WIDE.width);
			await fits(wide, 'channel');
			await shot(wide, 'channel-wide');
			await wide.close();
		});

		await step('phone: the keyboard alone is enough', async () => {
			const { page: keys, problems: broken } = await openPage(browser, sandbox, DESK);
			const press = (...names: string[]) => names.reduce((before, name) => before.then(() => keys.keyboard.press(name)), Promise.resolve());
			await customer(keys, '+7 912 000 0149').waitFor();
			await press('Tab');
			await focused(keys, 'Skip to content');
			await press('Tab');
			await focused(keys, 'Write as a new customer');
			await press('Enter');
			await keys.getByRole('dialog', { name: 'New message from a customer' }).waitFor();
			await keys.keyboard.type('@keys');
			await press('Tab');
			await keys.keyboard.type('By keyboard alone');
			await tabTo(keys, 'Send');
			await press('Enter');
			await focused(keys, '@keys');
			await chat(keys).getByText('By keyboard alone').waitFor();
			await press('Shift+Tab');
			await tabTo(keys, 'Search customers and messages');
			await keys.keyboard.type('12025550153');
			await keys.getByText('1 customer', { exact: true }).waitFor();
			await tabTo(keys, '+1 202 555 0153');
			await press('Enter');
			await keys.getByRole('heading', { name: '+1 202 555 0153' }).waitFor();
			await focused(keys, '+1 202 555 0153');
			await tabTo(keys, 'About this message');
			await press('Enter');
			await keys.getByRole('dialog', { name: 'About this message' }).waitFor();
			await press('Escape');
			await focused(keys, 'About this message');
			const id = await chat(keys).locator('.message.out').getAttribute('data-id');
			await happens(sandbox, id ?? '', 'read');
			await bubble(keys, id ?? '').getByRole('article', { name: 'From the shop, read' }).waitFor();
			await focused(keys, 'About this message');
			await tabTo(keys, 'Не сейчас');
			await press('Enter');
			await chat(keys).getByRole('article', { name: 'From the customer' }).getByText('Не сейчас').waitFor();
			await focused(keys, 'Не сейчас');
			await tabTo(keys, 'Answer as this customer');
			await keys.keyboard.type('By keyboard');
			await press('Enter');
			await chat(keys).getByText('By keyboard').waitFor();
			await tabTo(keys, 'Lower the limit');
			await press('Space');
			await keys.getByText('320 per second', { exact: true }).waitFor();
			await focused(keys, 'Lower the limit');
			await sandbox.control('POST', 'settings', { messagesPerSecond: null });
			assert.deepEqual(broken, []);
			await keys.close();
		});

		await step('phone: 360 pixels are wide enough for every view, light and dark', async () => {
			for (const colorScheme of ['light', 'dark'] as const) {
				const { page: narrow } = await openPage(browser, sandbox, NARROW, colorScheme);
				const look = async (name: string) => {
					await fits(narrow, name);
					await shot(narrow, `${name}-${colorScheme}`);
				};
				await customer(narrow, '+1 202 555 0153').first().waitFor({ state: 'attached' });
				await look('phone-360-list');
				await narrow.goto(`${sandbox.baseUrl}/#/12025550156`);
				await chat(narrow).getByText('Not delivered:').first().waitFor();
				await look('phone-360-chat');
				await chat(narrow).getByRole('button', { name: 'About this message' }).first().click();
				await narrow.getByRole('dialog').getByText('The request').click();
				await look('phone-360-details');
				await narrow.keyboard.press('Escape');
				await narrow.getByRole('button', { name: 'Controls' }).click();
				await narrow.getByRole('heading', { name: 'Fail the next message' }).waitFor();
				await look('phone-360-controls');
				await narrow.getByRole('button', { name: 'Controls' }).click();
				await narrow.getByRole('link', { name: 'Back to customers' }).click();
				await narrow.getByRole('link', { name: 'Channel' }).click();
				await narrow.getByRole('heading', { name: 'Templates' }).waitFor();
				await narrow.locator('#calls summary').first().click();
				await look('phone-360-channel');
				await narrow.close();
			}
			const { page: dark } = await openPage(browser, sandbox, DESK, 'dark', '/#/12025550153');
			await chat(dark).getByText('Не сейчас').first().waitFor();
			await shot(dark, 'phone-desk-dark');
			await dark.close();
		});
	} finally {
		await browser.close();
		await hooks.stop();
		await sandbox.program.stop();
	}
}

/** Taps a link of a message; collects the new page's errors in `problems`. */
async function tapLink(page: Page, link: Locator) {
	const opened = page.context().waitForEvent('page');
	await link.click();
	const order = await opened;
	order.setDefaultTimeout(TIMEOUT_MS);
	const problems: string[] = [];
	order.on('pageerror', (error) => problems.push(error.message));
	order.on('console', (line) => void (line.type() === 'error' && problems.push(line.text())));
	return { order, problems };
}

/** Opens the page; collects its errors and outside requests in `problems`. */
async function openPage(browser: Browser, sandbox: Sandbox, viewport: typeof DESK, colorScheme: 'light' | 'dark' = 'light', path = '/') {
	const page = await browser.newPage({ viewport, colorScheme });
	page.setDefaultTimeout(TIMEOUT_MS);
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	page.on('console', (line) => void (line.type() === 'error' && problems.push(line.text())));
	page.on('request', (sent) => void (sent.url().startsWith(`${sandbox.baseUrl}/`) || problems.push(`asked for ${sent.url()}`)));
	await page.goto(sandbox.baseUrl + path);
	await page.getByText('live', { exact: true }).waitFor();
	return { page, problems };
}

function chat(page: Page): Locator {
	return page.locator('#chat');
}

function customer(page: Page, phone: string): Locator {
	return page.locator('#chats').getByRole('link', { name: phone });
}

function bubble(page: Page, id: string): Locator {
	return page.locator(`[data-id="${id}"]`);
}

/** `whom` as the page has it, unless given. */
async function failNext(page: Page, way: string, whom?: string): Promise<void> {
	const search = page.getByRole('searchbox', { name: 'Search the ways to fail' });
	await search.fill('');
	const radio = page.locator(`input[value="${way}"]`);
	if (!(await radio.isVisible())) await page.locator('#fail-ways details', { has: radio }).locator('summary').click();
	await radio.check();
	if (whom !== undefined) await page.getByLabel('To', { exact: true }).selectOption(whom);
	await page.getByRole('button', { name: 'Apply' }).click();
	await page.getByRole('button', { name: 'Clear failures' }).waitFor();
}

/** Waits for the focus on an element with this name. */
async function focused(page: Page, name: string): Promise<void> {
	await waitFor({ what: `the focus on "${name}"`, timeoutMs: TIMEOUT_MS, look: async () => ((await focusName(page)).includes(name) ? true : undefined) });
}

/** Presses Tab until that element has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
	for (let presses = 0; presses < 60; presses++) {
		await page.keyboard.press('Tab');
		if ((await focusName(page)).includes(name)) return;
	}
	throw new Error(`Tab never came to "${name}".`);
}

function focusName(page: Page): Promise<string> {
	return page.evaluate("((e) => (e === document.body ? '' : (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent)))(document.activeElement)");
}

async function fits(page: Page, view: string): Promise<void> {
	const isTooWide = "(e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.unseen, .cards, pre, svg')";
	const tooWide = await page.evaluate<string[]>(
		`[...document.querySelectorAll('body, body *')].filter(${isTooWide}).map((e) => e.outerHTML.slice(0, 120))`,
	);
	assert.deepEqual(tooWide, [], view);
	assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), view);
	assert.ok(await page.evaluate('document.documentElement.scrollHeight <= innerHeight'), `${view} scrolls as a whole`);
}

function texts(...list: string[]) {
	return { type: 'body', parameters: list.map((text) => ({ type: 'text', text })) };
}

async function channelCall(sandbox: Sandbox, path: string, body: object): Promise<{ status: number; text: string }> {
	const answer = await request(`${sandbox.baseUrl}/${sandbox.channelId}/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.token}` },
		body: JSON.stringify(body),
	});
	return { status: answer.statusCode, text: await answer.body.text() };
}

function trySend(sandbox: Sandbox, phone: string, name: string, changes: object = {}): Promise<{ status: number; text: string }> {
	const usual = {
		template: 'stock_arrival',
		namespace: NAMESPACE,
		language: { policy: 'deterministic', code: 'en' },
		params: [texts(name, '10482', 'Trail shoes', 'It ships tomorrow')],
	};
	return channelCall(sandbox, 'sendTemplate', { phone, ...usual, ...changes });
}

async function send(sandbox: Sandbox, phone: string, name: string, changes: object = {}): Promise<string> {
	const { text } = await trySend(sandbox, phone, name, changes);
	const { id } = JSON.parse(text) as { id?: string };
	assert.ok(id, text);
	return id;
}

function happens(sandbox: Sandbox, id: string, status: string, code?: number): Promise<unknown> {
	return sandbox.control('POST', `messages/${encodeURIComponent(id)}/status`, { status, ...(code !== undefined && { code }) });
}

/** A webhook endpoint that records its POSTs; it answers 200, or the status that its path names. */
async function catchHooks() {
	const caught: string[] = [];
	const server = createServer((hook, answer) => {
		const chunks: Buffer[] = [];
		hook.on('data', (chunk: Buffer) => chunks.push(chunk));
		hook.on('end', () => {
			caught.push(Buffer.concat(chunks).toString());
			answer.writeHead(Number(/^\/(\d{3})\?/.exec(hook.url ?? '')?.[1] ?? 200)).end();
		});
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?secret=1`,
		find: (part: string) => waitFor({ what: `a hook with ${part}`, timeoutMs: TIMEOUT_MS, look: async () => caught.find((body) => body.includes(part)) }),
		count: (part: string) => caught.filter((body) => body.includes(part)).length,
		async stop() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}
