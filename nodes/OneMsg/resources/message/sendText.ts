import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { ok, type Result } from '../../../core/problem';
import { readFreeText } from '../../../core/value';
import type { MessageContent } from '../../sending/message';
import { sendItems, type SendItem } from '../../sending/sendItems';
import { phoneField, textField } from '../shared/fields';
import { optionsFields, sendFields, SEND_OPTIONS } from '../shared/options';
import { showOnlyFor } from '../shared/versions';

const showOnlyForSendText = { resource: ['message'], operation: ['sendText'] };

export const description: INodeProperties[] = showOnlyFor(showOnlyForSendText, [
	phoneField,
	textField,
	...sendFields,
	...optionsFields(SEND_OPTIONS),
]);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await sendItems(context, { fields: ['text'], readContent });
}

function readContent({ context, itemIndex }: SendItem): Result<MessageContent> {
	const text = readFreeText(context.getNodeParameter('text', itemIndex));
	if (!text.ok) return text;
	return ok({
		path: '/sendMessage',
		bodyTo: (to) => ({ ...to, body: text.value }),
		template: 'text',
		about: { text: text.value },
		shownAs: [text.value],
		identity: text.value,
		rehearsal: {},
	});
}
