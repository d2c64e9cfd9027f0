import { execFileSync } from 'node:child_process';
import { curlLine, exampleEvent, exampleOrder } from '../../harness/event.mts';
import { mailWords } from '../../harness/mail-words.mts';
import { whereToLook } from '../../demo/where-to-look.mts';

const URL = 'http://127.0.0.1:5678/webhook/stock-arrival';
const EVENT = { sku: "A'1", productName: 'Mug "Ö" & \\ 50 % off', nextStep: 'It ships <today>, ^ and | ends in \\' };

describe('the line that fires an event', () => {
	test('survives quoting in a shell', () => {
		const line = curlLine(URL, EVENT, 'linux').replace(/^curl /, 'printf "%s\\0" ');
		const args = execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0');
		expect(args).toContain('X-Warehouse-Key: demo-warehouse');
		expect(JSON.parse(args[args.indexOf('-d') + 1]!)).toEqual(EVENT);
	});

	test('is in double quotes for cmd, without characters special to it', () => {
		const line = curlLine(URL, EVENT, 'win32');
		expect(line).toContain('-H "X-Warehouse-Key: demo-warehouse" -H "Content-Type: application/json"');
		const [, written = ''] = / -d "(.*)"$/.exec(line) ?? [];
		expect(written).not.toMatch(/[&|<>^%!]|[^ -~]|(?<!\\)"|\\\\/);
		expect(JSON.parse(written.replaceAll('\\"', '"'))).toEqual(EVENT);
	});
});

describe('where to look', () => {
	const environment = {
		n8n: { url: 'http://127.0.0.1:5678' },
		owner: { email: 'demo@example.com', password: 'secret', firstName: 'Demo', lastName: 'Owner' },
		send: { name: 'Stock arrival to WhatsApp' },
		follow: { name: 'Delivery status to log' },
		eventUrl: URL,
		log: '.demo/n8n.log',
		next: exampleOrder('+7 912 345-67-89'),
	};

	test('with the sandbox: names pages, mailbox, header, more magic phones, and the workflows to open', () => {
		const text = whereToLook({ ...environment, sandbox: { baseUrl: 'http://127.0.0.1:8321' } }, 'linux');
		for (const part of [
			'http://127.0.0.1:8321/ ',
			'"Mail of the demo"',
			'header X-Warehouse-Key: demo-warehouse',
			'sandbox/README.md lists more such numbers ("Magic phones")',
			'"Stock arrival to WhatsApp" and "Delivery status to log" are already active',
			'Conflicting Webhook Path',
			curlLine(URL, exampleEvent(environment.next), 'linux'),
		]) {
			expect(text).toContain(part);
		}
		expect(text).not.toMatch(/undefined|\n\n\n/);
	});

	test('with a real channel: promises no page, no mailbox and no magic phones', () => {
		const text = whereToLook({ ...environment, sandbox: undefined, follow: { name: 'Delivery status by polling' } }, 'linux');
		expect(text).toContain('"Delivery status by polling" polls for statuses');
		expect(text).not.toMatch(/Phones|Mail of the demo|12025550101|undefined|\n\n\n/);
	});

	test('on Windows: the line is for cmd, and it says so', () => {
		expect(whereToLook({ ...environment, sandbox: undefined }, 'win32')).toMatch(/in cmd:\n {2}curl .* -d "\{\\"sku\\"/);
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
