/** Faults of a request on its way, at the channel, and on the way back. */
import type { WireAnswer } from './transport.mts';

/** Kinds of wrong answers; `taken` says if the message was sent anyway. */
export type Fault =
	/** Accepted, without an ID in the answer. */
	| { kind: 'noId' }
	/** Accepted, in another form: `sent` as text, extra fields, another 2xx. */
	| { kind: 'saidOtherwise'; body: Record<string, unknown>; status: number }
	| { kind: 'queued'; body: Record<string, unknown>; status: number }
	/** Refused. `stops` says if it means that no other send can succeed; `may` allows both. */
	| { kind: 'refused'; status: number; body: string; headers?: Record<string, string>; stops: Stops }
	/** Refused but retryable: the rate limit of the channel, or of this customer. */
	| { kind: 'throttled'; status: number; body: string; headers?: Record<string, string> }
	| { kind: 'unreached'; code: 'ECONNREFUSED' | 'ENOTFOUND' | 'EHOSTUNREACH' }
	| { kind: 'cut'; taken: boolean }
	| { kind: 'half'; status: number; taken: boolean }
	| { kind: 'silence'; taken: boolean }
	/** The right answer, delayed by this many milliseconds. */
	| { kind: 'late'; after: number }
	/** An ambiguous answer. */
	| { kind: 'nonsense'; status: number; body: string; taken: boolean };

/** Scope of a refusal beyond its own message. */
export type Stops = 'nobody' | 'channel' | 'template' | 'may';

/** Faults that leave it unknown whether the message was accepted. */
export function isAmbiguous(fault: Fault, timeout: number): boolean {
	if (fault.kind === 'late') return fault.after >= timeout;
	return fault.kind === 'cut' || fault.kind === 'half' || fault.kind === 'silence' || fault.kind === 'nonsense';
}

/** Whether the channel accepts a message with this fault. */
export function isTaken(fault: Fault): boolean {
	if ('taken' in fault) return fault.taken;
	return fault.kind === 'noId' || fault.kind === 'saidOtherwise' || fault.kind === 'queued' || fault.kind === 'late';
}

/** The answer, if not the right one. */
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
