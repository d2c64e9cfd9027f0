import { Readable } from 'node:stream';
import { mailWords } from '../../harness/mail-words.mts';
import { nextOrder, onEnter } from '../../demo/next-arrival.mts';
import { listen } from '../../demo/phone-page.mts';
import { whereToLook } from '../../demo/where-to-look.mts';
import { readPhone } from '../../nodes/core/recipient/phone';

describe('where to look', () => {
	const environment = {
		n8n: { url: 'http://127.0.0.1:5678' },
		owner: { email: 'demo@example.com', password: 'secret', firstName: 'Demo', lastName: 'Owner' },
		send: { name: 'Stock arrival to WhatsApp' },
		follow: { name: 'Delivery status to log' },
		published: Array.from({ length: 6 }),
		log: '.demo/n8n.log',
	};

	test('with the sandbox: n8n and its login, the phones, the workflows to open, and the key', () => {
		const text = whereToLook({ ...environment, sandbox: { baseUrl: 'http://127.0.0.1:8321' } });
		for (const part of ['http://127.0.0.1:5678 ', 'demo@example.com, password secret', 'http://127.0.0.1:8321/ ', '6 workflows are published in n8n: start with "Stock arrival to WhatsApp" and "Delivery status to log"', 'Press Enter for the next arrival']) {
			expect(text).toContain(part);
		}
		expect(text).not.toMatch(/undefined|\n\n\n/);
		expect(text.split('\n').length).toBeLessThan(12);
	});

	test('with a real channel: promises no phones, and says that it polls', () => {
		const text = whereToLook({ ...environment, sandbox: undefined, follow: { name: 'Delivery status by polling' } });
		expect(text).toContain('"Delivery status by polling" asks the channel for statuses');
		expect(text).not.toMatch(/Phones|undefined|\n\n\n/);
	});
});

describe('the next arrival', () => {
	const typed = async (text: string, press: () => Promise<void>) => {
		const said: string[] = [];
		await onEnter(Readable.from(text === '' ? [] : [text]), press, (line) => said.push(line));
		return said;
	};

	test.each([['', 0], ['\n', 1], ['\n\n\r\n', 3], ['quit\n', 0]])('%j presses the key %d times', async (text, times) => {
		let pressed = 0;
		const said = await typed(text, async () => void pressed++);
		expect(pressed).toBe(times);
		expect(said).toEqual(text === 'quit\n' ? ['Press Enter alone for the next arrival, Ctrl-C to stop.'] : []);
	});

	test('goes on after one that fails', async () => {
		let pressed = 0;
		const said = await typed('\n\n', async () => {
			if (++pressed === 1) throw new Error('n8n is down');
		});
		expect([pressed, said]).toEqual([2, ['n8n is down']]);
	});

	test('is for a new customer each time', () => {
		const orders = [nextOrder(), nextOrder()];
		for (const part of ['orderReference', 'phone'] as const) expect(new Set(orders.map((order) => order[part])).size).toBe(2);
		for (const { phone } of orders) expect(readPhone(phone)).toEqual({ ok: true, value: phone });
	});

	test('comes by a POST with the header, and is told; without the header nothing arrives', async () => {
		let pressed = 0;
		const url = await listen(async () => {
			if (++pressed === 2) throw new Error('n8n is down');
			return { status: 202, text: '{"waiting":1}' };
		});
		const post = async (headers: Record<string, string>) => {
			const answer = await fetch(url, { method: 'POST', headers });
			return [answer.status, await answer.text()];
		};
		expect(await post({})).toEqual([403, '']);
		expect(await post({ 'X-Warehouse-Key': 'demo-warehouse' })).toEqual([202, '{"waiting":1}']);
		expect(await post({ 'X-Warehouse-Key': 'demo-warehouse' })).toEqual([502, 'n8n is down']);
		expect(pressed).toBe(2);
	});
});

test.each([
	['Subject: Your order 1: Shoes is in stock', 'Your order 1: Shoes is in stock'],
	['subject: Your order 1:\r\n Shoes', 'Your order 1: Shoes'],
	['Subject: =?UTF-8?Q?Caf=C3=A9_au?=\r\n =?UTF-8?Q?_lait?=', 'Café au lait'],
	['Subject: =?UTF-8?B?w5ZsIGltIFJlZ2Fs?=', 'Öl im Regal'],
	['X-Other: none', ''],
])('a mail with %j is told by its subject', async (header, subject) => {
	const raw = `From: a@example.com\r\n${header}\r\nTo: b@example.com\r\n\r\nSubject: not this`;
	expect(await mailWords({ to: ['b@example.com', 'c@example.com'], raw })).toBe(`e-mail     to b@example.com, c@example.com: "${subject}"`);
});
