import { MAX_REMEMBERED, SeenMessages } from '../../nodes/core/status/seenMessages';

test('remembers a bounded number of messages, evicting the oldest', () => {
	const seen = new SeenMessages(100);
	for (let index = 0; index < 10_000; index++) seen.record(`w${index % 1000}`, 'sent');
	expect(seen.size).toBe(100);
	expect(seen.record('w999', 'sent')).toEqual({ repeat: true, late: false });
	expect(seen.record('w0', 'sent')).toEqual({ repeat: false, late: false });
	seen.record('w0', 'delivered');
	expect(seen.record('w0', 'failed')).toEqual({ repeat: false, late: true });
	expect(seen.record('w0', 'read')).toEqual({ repeat: false, late: false });
});

test('memory stays bounded over a million events of new messages, each repeated', () => {
	const seen = new SeenMessages();
	let [repeats, most] = [0, 0];
	for (let index = 0; index < 500_000; index++) {
		for (let times = 0; times < 2; times++) if (seen.record(`wamid.${index}`, 'delivered').repeat) repeats++;
		if (index % 10_000 === 0) most = Math.max(most, seen.size);
	}
	expect([repeats, most, seen.size]).toEqual([500_000, MAX_REMEMBERED, MAX_REMEMBERED]);
});

test('a repeated message stays while others are evicted', () => {
	const seen = new SeenMessages(10);
	seen.record('kept', 'sent');
	for (let index = 0; index < 1000; index++) {
		seen.record(`other${index}`, 'sent');
		expect(seen.record('kept', 'sent').repeat).toBe(true);
	}
});

test('an evicted late status is late each time, not a repeat', () => {
	const seen = new SeenMessages();
	seen.record('w', 'delivered');
	for (let times = 0; times < 2; times++) expect(seen.record('w', 'sent', { forgetLate: true })).toEqual({ repeat: false, late: true });
	expect(seen.record('w', 'delivered', { forgetLate: true })).toEqual({ repeat: true, late: false });
	seen.record('w', 'sent');
	expect(seen.record('w', 'sent', { forgetLate: true })).toEqual({ repeat: true, late: true });
});

test('an ID too long for a message ID takes no memory', () => {
	const seen = new SeenMessages();
	for (let times = 0; times < 2; times++) expect(seen.record('w'.repeat(1000), 'sent')).toEqual({ repeat: false, late: false });
	expect(seen.size).toBe(0);
});

test('a message and its statuses are told apart, and nothing else is', () => {
	const seen = new SeenMessages();
	expect(seen.record('w', 'sent')).toEqual({ repeat: false, late: false });
	expect([seen.recordMessage('w'), seen.recordMessage('w'), seen.recordMessage('another')]).toEqual([false, true, false]);
	for (const status of ['delivered', 'read'] as const) expect(seen.record('w', status)).toEqual({ repeat: false, late: false });
	expect(seen.record('another', 'sent')).toEqual({ repeat: false, late: false });
	expect(seen.size).toBe(2);
	for (let times = 0; times < 2; times++) expect(seen.recordMessage('w'.repeat(1000))).toBe(false);
});

test('what is forgotten is no repeat, and makes nothing late; the rest is remembered', () => {
	const seen = new SeenMessages();
	seen.recordMessage('w');
	for (const status of ['sent', 'delivered', 'read'] as const) seen.record('w', status);
	seen.forget('w', 'read');
	expect(seen.record('w', 'delivered')).toEqual({ repeat: true, late: false });
	expect(seen.record('w', 'read')).toEqual({ repeat: false, late: false });
	expect(seen.recordMessage('w')).toBe(true);
	seen.forget('w');
	expect([seen.recordMessage('w'), seen.record('w', 'read').repeat]).toEqual([false, true]);
	seen.forget('another');
	expect(seen.size).toBe(1);
});
