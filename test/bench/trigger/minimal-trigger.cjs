'use strict';

/** As little as a community trigger of a service can be: it has the service's credential, and every POST starts an execution with the body as its one item. */
class MinimalTrigger {
	description = {
		displayName: 'Minimal Trigger',
		name: 'minimalTrigger',
		group: ['trigger'],
		version: 1,
		description: 'Starts an execution per POST',
		defaults: { name: 'Minimal Trigger' },
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'oneMsgChannelApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'minimal' }],
		properties: [],
	};

	async webhook() {
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
}

module.exports = { MinimalTrigger };
