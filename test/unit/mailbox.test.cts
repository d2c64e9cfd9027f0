import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Mailbox, type Mail } from '../../harness/mailbox.mts';

/** Submits a mail and returns the server's answer to its data. */
async function handOver(port: number, to: string): Promise<string> {
	const socket = connect(port, '127.0.0.1');
	const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
	const answer = async () => {
		for (;;) {
			const { value = '' } = (await lines.next()) as { value?: string };
			if (!/^\d{3}-/.test(value)) return value;
		}
	};
	await answer();
	let last = '';
	for (const said of ['EHLO here', 'MAIL FROM:<shop@example.com>', `RCPT TO:<${to}>`, 'DATA', 'Subject: Shoes\r\n\r\nThey are here.\r\n.']) {
		socket.write(`${said}\r\n`);
		last = await answer();
	}
	socket.destroy();
	await once(socket, 'close');
	return last;
}

test('the mailbox reports accepted mails only', async () => {
	const heard: Mail[] = [];
	const mailbox = await Mailbox.start((mail) => heard.push(mail));
	try {
		expect(await handOver(mailbox.port, 'anna@example.com')).toMatch(/^250/);
		expect(heard).toEqual([{ to: ['anna@example.com'], raw: expect.stringContaining('They are here.') }]);
		expect(mailbox.mailsTo('anna@example.com')).toEqual(heard);
		mailbox.isFull = true;
		expect(await handOver(mailbox.port, 'full@example.com')).toMatch(/full/);
		expect(heard).toHaveLength(1);
	} finally {
		await mailbox.stop();
	}
});
