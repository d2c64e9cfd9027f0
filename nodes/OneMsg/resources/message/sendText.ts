import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { ok, type Result } from '../../../core/problem';
import { readFreeText } from '../../../core/value';
import { openChannel, type OpenChannel } from '../../../transport';
import { failAll } from '../../report';
import type { Message } from '../../sending/message';
import { messageKey } from '../../sending/messageKey';
import { readRecipient } from '../../sending/recipient';
import { sendItems } from '../../sending/sendItems';
import { readSendSettings } from '../../sending/sendSettings';
import { readOptions } from '../../settings';
import { phoneField, textField } from './fields';
import { optionsField, SEND_OPTIONS } from './options';

const showOnlyForSendText = { resource: ['message'], operation: ['sendText'] };

export const description: INodeProperties[] = [
	phoneField,
	textField,
	optionsField(SEND_OPTIONS),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForSendText } }));

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	return await sendItems(context, channel.value, (itemIndex) => prepare(context, itemIndex, channel.value));
}

function prepare(context: IExecuteFunctions, itemIndex: number, channel: OpenChannel): Result<Message> {
	const options = readOptions(context, itemIndex);
	const settings = readSendSettings(options);
	if (!settings.ok) return settings;
	const recipient = readRecipient(context, itemIndex, options, channel);
	if (!recipient.ok) return recipient;
	const text = readFreeText(context.getNodeParameter('text', itemIndex));
	if (!text.ok) return text;
	const { phone, customer, about } = recipient.value;
	return ok({
		path: '/sendMessage',
		body: { phone, body: text.value },
		phone,
		template: 'text',
		about: { ...about, text: text.value },
		key: settings.value.sendOnceKey || messageKey('text', customer, text.value),
		rehearsal: {},
		settings: settings.value,
	});
}
