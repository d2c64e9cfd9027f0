import { type HookReceiver, startHookReceiver } from './hook-receiver.cts';
import { type Sandbox, startSandbox } from './sandbox.cts';

/**
 * A sandbox per test file, cleared and set up before each test, and a webhook endpoint per test.
 * The endpoint is the channel's only webhook and gets statuses, unless `isListed` is false.
 */
export function useSandboxWithReceiver(settings: object, { isListed = true } = {}): { sandbox: Sandbox; receiver: HookReceiver } {
	const sandbox = {} as Sandbox;
	const receiver = {} as HookReceiver;
	beforeAll(async () => void Object.assign(sandbox, await startSandbox()));
	afterAll(() => sandbox.stop());
	beforeEach(async () => {
		Object.assign(receiver, await startHookReceiver());
		await sandbox.control('POST', '/clear', { all: true });
		await sandbox.control('POST', '/settings', settings);
		if (!isListed) return;
		await sandbox.call('POST', '/webhook', { webhookUrl: receiver.url });
		await sandbox.call('POST', '/settings', { ackNotificationsOn: true });
	});
	afterEach(() => receiver.stop());
	return { sandbox, receiver };
}
