import { SMTPServer } from 'smtp-server';

/** A received e-mail. */
export interface Mail {
	to: string[];
	/** Headers and text, unmodified. */
	raw: string;
}

/** A mail server that delivers nothing and keeps every mail. */
export class Mailbox {
	readonly mails: Mail[] = [];
	/** Whether to reject every mail. */
	isFull = false;
	private readonly server: SMTPServer;

	private constructor(onMail: (mail: Mail) => void) {
		this.server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onData: (stream, { envelope }, done) => {
				const parts: Buffer[] = [];
				stream.on('data', (part: Buffer) => parts.push(part));
				stream.on('end', () => {
					if (this.isFull) return done(new Error('The mailbox is full'));
					const mail = { to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(parts).toString() };
					this.mails.push(mail);
					onMail(mail);
					done();
				});
			},
		});
	}

	/** Starts it on a free loopback port; `onMail` runs for each accepted mail. */
	static async start(onMail: (mail: Mail) => void = () => {}): Promise<Mailbox> {
		const mailbox = new Mailbox(onMail);
		await new Promise<void>((resolve, reject) => {
			mailbox.server.on('error', reject);
			mailbox.server.listen(0, '127.0.0.1', resolve);
		});
		return mailbox;
	}

	get port(): number {
		const address = this.server.server.address();
		return typeof address === 'object' && address ? address.port : 0;
	}

	/** Mails to an address, oldest first. */
	mailsTo(address: string): Mail[] {
		return this.mails.filter(({ to }) => to.includes(address));
	}

	async stop(): Promise<void> {
		await new Promise<void>((resolve) => this.server.close(resolve));
	}
}
