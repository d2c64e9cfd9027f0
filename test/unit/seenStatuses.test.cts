import { MAX_REMEMBERED, SeenStatuses } from '../../nodes/core/status/seenStatuses';

test('what is seen is remembered within a bound, oldest forgotten first', () => {
	const seen = new SeenStatuses(100);
	for (let index = 0; index < 10_000; index++) seen.record(`w${index % 1000}`, 'sent');
	expect(seen.size).toBe(100);
	expect(seen.record('w999', 'sent')).toEqual({ repeat: true, late: false });
	expect(seen.record('w0', 'sent')).toEqual({ repeat: false, late: false });
	seen.record('w0', 'delivered');
	expect(seen.record('w0', 'failed')).toEqual({ repeat: false, late: true });
	expect(seen.record('w0', 'read')).toEqual({ repeat: false, late: false });
});

test('a million events of ever new messages, each repeated, leave no more behind than the bound', () => {
	const seen = new SeenStatuses();
	let [repeats, most] = [0, 0];
	for (let index = 0; index < 500_000; index++) {
		for (let times = 0; times < 2; times++) if (seen.record(`wamid.${index}`, 'delivered').repeat) repeats++;
		if (index % 10_000 === 0) most = Math.max(most, seen.size);
	}
	expect([repeats, most, seen.size]).toEqual([500_000, MAX_REMEMBERED, MAX_REMEMBERED]);
});

test('a message that is heard of again stays remembered while others are forgotten', () => {
	const seen = new SeenStatuses(10);
	seen.record('kept', 'sent');
	for (let index = 0; index < 1000; index++) {
		seen.record(`other${index}`, 'sent');
		expect(seen.record('kept', 'sent').repeat).toBe(true);
	}
});

test('a late status that is forgotten is late each time, and no repeat', () => {
	const seen = new SeenStatuses();
	seen.record('w', 'delivered');
	for (let times = 0; times < 2; times++) expect(seen.record('w', 'sent', { forgetLate: true })).toEqual({ repeat: false, late: true });
	expect(seen.record('w', 'delivered', { forgetLate: true })).toEqual({ repeat: true, late: false });
	seen.record('w', 'sent');
	expect(seen.record('w', 'sent', { forgetLate: true })).toEqual({ repeat: true, late: true });
});

test('an ID of a length that no message ID has takes no memory', () => {
	const seen = new SeenStatuses();
	for (let times = 0; times < 2; times++) expect(seen.record('w'.repeat(1000), 'sent')).toEqual({ repeat: false, late: false });
	expect(seen.size).toBe(0);
});
