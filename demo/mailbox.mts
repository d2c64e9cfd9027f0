import { SMTPServer } from 'smtp-server';

/** An e-mail as it was handed over. */
export interface Mail {
	to: string[];
	/** Headers and text, as they came. */
	raw: string;
}

/** A mail server that delivers nothing: it keeps what it is given. */
export class Mailbox {
	readonly port: number;
	readonly mails: Mail[];
	/** Whether it refuses every mail. */
	isFull = false;
	private readonly server: SMTPServer;

	private constructor(server: SMTPServer, port: number, mails: Mail[]) {
		this.server = server;
		this.port = port;
		this.mails = mails;
	}

	/** Starts it on a free port of this computer. */
	static async start(): Promise<Mailbox> {
		const mails: Mail[] = [];
		let mailbox: Mailbox | undefined;
		const server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onData: (stream, session, done) => {
				const parts: Buffer[] = [];
				stream.on('data', (part: Buffer) => parts.push(part));
				stream.on('end', () => {
					if (mailbox?.isFull) return done(new Error('The mailbox is full'));
					mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(parts).toString() });
					done();
				});
			},
		});
		await new Promise<void>((resolve, reject) => {
			server.on('error', reject);
			server.listen(0, '127.0.0.1', resolve);
		});
		const address = server.server.address();
		mailbox = new Mailbox(server, typeof address === 'object' && address ? address.port : 0, mails);
		return mailbox;
	}

	/** What somebody got, oldest first. */
	mailsTo(address: string): Mail[] {
		return this.mails.filter(({ to }) => to.includes(address));
	}

	async stop(): Promise<void> {
		await new Promise<void>((resolve) => this.server.close(resolve));
	}
}
