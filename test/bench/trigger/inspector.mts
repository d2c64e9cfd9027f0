import { WebSocket } from 'undici';

interface Answer {
	id: number;
	result?: { result?: { value?: unknown } };
}

/** For NODE_OPTIONS: a port of its own for the process and for each that inherits it. */
export const INSPECT = '--inspect=127.0.0.1:0';

/** The memory of a running Node process, by the protocol of its debugger. */
export class Inspector {
	private readonly socket: WebSocket;
	private readonly waiting = new Map<number, (answer: Answer) => void>();
	private calls = 0;

	private constructor(socket: WebSocket) {
		this.socket = socket;
		socket.addEventListener('message', ({ data }) => {
			const answer = JSON.parse(String(data)) as Answer;
			this.waiting.get(answer.id)?.(answer);
			this.waiting.delete(answer.id);
		});
	}

	/** The process that runs this script, among those whose debuggers a log names. Throws if there is none. */
	static async ofScript(script: string, log: string): Promise<Inspector> {
		for (const [, url] of log.matchAll(/^Debugger listening on (ws:\S+)$/gm)) {
			const inspector = await Inspector.connect(url!);
			if ((await inspector.evaluate('process.argv[1]')) === script) return inspector;
			inspector.close();
		}
		throw new Error(`No process that runs ${script} has a debugger.`);
	}

	private static async connect(url: string): Promise<Inspector> {
		const socket = new WebSocket(url);
		await new Promise((resolve, reject) => {
			socket.addEventListener('open', resolve);
			socket.addEventListener('error', reject);
		});
		return new Inspector(socket);
	}

	/** Resident bytes. */
	async resident(): Promise<number> {
		return Number(await this.evaluate('process.memoryUsage.rss()'));
	}

	/** Bytes in use after a garbage collection, on the heap and in buffers. */
	async kept(): Promise<number> {
		// The first one may leave what finalizers free.
		for (let time = 0; time < 2; time++) await this.call('HeapProfiler.collectGarbage', {});
		return Number(await this.evaluate('process.memoryUsage().heapUsed + process.memoryUsage().external'));
	}

	close(): void {
		this.socket.close();
	}

	private async evaluate(expression: string): Promise<unknown> {
		const { result } = await this.call('Runtime.evaluate', { expression });
		return result?.result?.value;
	}

	private async call(method: string, params: object): Promise<Answer> {
		const id = ++this.calls;
		const answer = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
		this.socket.send(JSON.stringify({ id, method, params }));
		return await answer;
	}
}
