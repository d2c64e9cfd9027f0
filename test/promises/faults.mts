/** What can happen to a request on its way, at the channel, and on the way back. */
import type { WireAnswer } from './transport.mts';

/** How an answer is wrong; `taken` says whether the message went out all the same. */
export type Fault =
	/** Accepted, but the answer names no ID. */
	| { kind: 'noId' }
	/** Accepted, said in another way: `sent` as text, more fields, another 2xx. */
	| { kind: 'saidOtherwise'; body: Record<string, unknown>; status: number }
	| { kind: 'queued'; body: Record<string, unknown>; status: number }
	/** Not taken. `stops` says whether the words mean that no other send can succeed; `may` leaves both open. */
	| { kind: 'refused'; status: number; body: string; headers?: Record<string, string>; stops: Stops }
	/** Not taken, and worth another try: the channel's rate, or this customer's. */
	| { kind: 'throttled'; status: number; body: string; headers?: Record<string, string> }
	| { kind: 'unreached'; code: 'ECONNREFUSED' | 'ENOTFOUND' | 'EHOSTUNREACH' }
	| { kind: 'cut'; taken: boolean }
	| { kind: 'half'; status: number; taken: boolean }
	| { kind: 'silence'; taken: boolean }
	/** The right answer, after so many milliseconds more. */
	| { kind: 'late'; after: number }
	/** An answer that says neither yes nor no. */
	| { kind: 'nonsense'; status: number; body: string; taken: boolean };

/** Whom a refusal speaks about besides its own message. */
export type Stops = 'nobody' | 'channel' | 'template' | 'may';

/** Faults after which nobody can know whether the message was taken. */
export function isAmbiguous(fault: Fault, timeout: number): boolean {
	if (fault.kind === 'late') return fault.after >= timeout;
	return fault.kind === 'cut' || fault.kind === 'half' || fault.kind === 'silence' || fault.kind === 'nonsense';
}

/** Whether the channel takes the message that such a fault happens to. */
export function isTaken(fault: Fault): boolean {
	if ('taken' in fault) return fault.taken;
	return fault.kind === 'noId' || fault.kind === 'saidOtherwise' || fault.kind === 'queued' || fault.kind === 'late';
}

/** What comes back where it is not the right answer. */
export function wrongAnswer(fault: Fault): WireAnswer | undefined {
	switch (fault.kind) {
		case 'refused':
		case 'throttled':
			return { kind: 'answer', status: fault.status, body: fault.body, headers: fault.headers };
		case 'nonsense':
			return { kind: 'answer', status: fault.status, body: fault.body };
		case 'half':
			return { kind: 'half', status: fault.status };
		case 'unreached':
			return { kind: 'unreached', code: fault.code };
		case 'cut':
			return { kind: 'cut' };
		case 'silence':
			return { kind: 'silence' };
		default:
			return undefined;
	}
}
