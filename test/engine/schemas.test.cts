import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { useChannel } from '../support/channel.cjs';
import { PACKAGE_FOLDER } from '../support/line.cjs';
import { loadPackage } from '../support/package.cjs';
import { arrival, runNode } from '../support/run-node.cjs';

interface Schema {
	type: string | string[];
	properties?: Record<string, Schema>;
}

const channel = useChannel();
const pathOf = (resource: string, operation: string, version = 2) => join(PACKAGE_FOLDER, 'dist', 'nodes', 'OneMsg', '__schema__', `v${version}.0.0`, resource, `${operation}.json`);

function typeOf(value: unknown): string {
	return value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
}

test('every operation has an output schema where n8n looks for it', async () => {
	const { properties } = (await loadPackage()).oneMsg.description;
	const operations = properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) => (options as INodePropertyOptions[]).map(({ value }) => [String(displayOptions!.show!.resource![0]), String(value)] as const));
	expect(operations.length).toBeGreaterThan(0);
	for (const version of [1, 2]) expect(operations.filter(([resource, operation]) => !existsSync(pathOf(resource, operation, version)))).toEqual([]);
});

const coupon = { template: { __rl: true, mode: 'list', value: 'stock_coupon|en' }, phone: '+12025550100', variables: { mappingMode: 'defineBelow', value: { body_1: 'shoes', button_0: 'BACK10' } } };

test.each<[string, string, INodeParameters]>([
	['message', 'sendStockArrivalTemplate', arrival()],
	['message', 'sendTemplate', coupon],
	['message', 'sendText', { phone: '+12025550100', text: 'Hi' }],
	['message', 'findSentMessage', { phone: '+12025550100', since: '' }],
	['message', 'getMessageStatus', { messageId: 'wamid.none' }],
	['template', 'getMany', { returnAll: true }],
	['template', 'createStockArrivalTemplate', { templateName: 'arrival_new', buttonUrl: 'https://shop.example' }],
	['channel', 'getChannelStatus', {}],
])('%s/%s returns what its schema says, no more and no less', async (resource, operation, parameters) => {
	await channel.sandbox.control('POST', '/inbound', { phone: '12025550100', text: 'Hi' });
	const schema = JSON.parse(readFileSync(pathOf(resource, operation), 'utf8')) as Schema;
	const { items, error } = await runNode({ parameters: { ...parameters, resource, operation }, version: 2, credential: channel.credential });
	expect(error).toBeUndefined();
	expect(items.length).toBeGreaterThan(0);
	for (const { json } of items) {
		expect(Object.keys(json as IDataObject).sort()).toEqual(Object.keys(schema.properties!).sort());
		for (const [key, value] of Object.entries(json)) expect([key, schema.properties![key]!.type].flat()).toContain(typeOf(value));
	}
});
