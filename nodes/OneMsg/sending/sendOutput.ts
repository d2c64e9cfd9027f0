import { deepCopy, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { refusedRow, sentRow, type LoggedMessage, type SendResult } from '../../core/logRow/logRow';
import type { Problem } from '../../core/problem';
import { readYesNo } from '../../core/value';
import { failAll } from '../resources/shared/failedItems';
import type { ItemWork } from '../resources/shared/runItems';
import { readOption, type Output } from '../resources/shared/settings';
import { readLogged } from './logged';
import type { Message } from './message';

/** The output items of one run of a send: what the sender returned, or log rows, with the input's fields if wanted. */
export class SendOutput {
	/** By item; kept for log rows only. */
	private readonly logged: Array<LoggedMessage | undefined> = [];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly output: Output,
		/** The parameters that the content is read from. */
		private readonly fields: readonly string[],
		private readonly testRecipient: unknown,
	) {}

	/** An item became a message. */
	prepared(itemIndex: number, { logged }: Message): void {
		if (this.output === 'logRow') this.logged[itemIndex] = logged;
	}

	get forms(): Pick<ItemWork<Message>, 'itemOf' | 'failedItemOf'> {
		if (this.output === 'standard') return { itemOf: (fields, itemIndex) => ({ ...this.inputFields(itemIndex), ...fields }) };
		return {
			itemOf: (fields, itemIndex) => this.row(itemIndex, sentRow(this.messageOf(itemIndex), fields as unknown as SendResult)),
			failedItemOf: (problem, itemIndex) => this.row(itemIndex, refusedRow(this.messageOf(itemIndex), problem)),
		};
	}

	/** A problem of all items. */
	failAll(problem: Problem): INodeExecutionData[] {
		const { failedItemOf } = this.forms;
		if (!failedItemOf) return failAll(this.context, problem);
		return this.context.getInputData().map((_, item) => ({ json: failedItemOf(problem, item), pairedItem: { item } }));
	}

	private messageOf(itemIndex: number): LoggedMessage {
		return this.logged[itemIndex] ?? readLogged(this.context, itemIndex, this.fields, this.testRecipient);
	}

	private row(itemIndex: number, row: object): IDataObject {
		const flat = Object.entries(this.inputFields(itemIndex)).filter(([, value]) => value === null || typeof value !== 'object');
		return { ...Object.fromEntries(flat), ...row };
	}

	/** Copies of the input item's fields, if Include Input Fields says yes. n8n takes an item with a field `error` or `$error` for a failed one. */
	private inputFields(itemIndex: number): IDataObject {
		if (readYesNo(readOption(this.context, 'includeInputFields', itemIndex)) !== true) return {};
		const { error: _error, $error: _$error, ...fields } = deepCopy(this.context.getInputData()[itemIndex]?.json ?? {});
		return fields;
	}
}
