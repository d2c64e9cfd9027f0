import { SMTPServer } from 'smtp-server';

/** An e-mail as it was handed over. */
export interface Mail {
	to: string[];
	/** Headers and text, as they came. */
	raw: string;
}

/** A mail server that delivers nothing: it keeps what it is given. */
export class Mailbox {
	readonly mails: Mail[] = [];
	/** Whether it refuses every mail. */
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

	/** Starts it on a free port of this computer; `onMail` hears of each mail that it takes. */
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

	/** What somebody got, oldest first. */
	mailsTo(address: string): Mail[] {
		return this.mails.filter(({ to }) => to.includes(address));
	}

	async stop(): Promise<void> {
		await new Promise<void>((resolve) => this.server.close(resolve));
	}
}
