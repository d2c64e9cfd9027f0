import { deepCopy, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { refusedRow, sentRow, type LoggedMessage, type SendResult } from '../../../core/logRow/logRow';
import type { Problem } from '../../../core/problem';
import { readYesNo } from '../../../core/value';
import { failAll } from '../../resources/shared/failedItems';
import type { ItemWork } from '../../resources/shared/runItems';
import { readOption, type Output } from '../../resources/shared/settings';
import { readLogged } from './logged';
import type { Message } from '../message';
import { readExtraFields } from '../options/sendSettings';

/** n8n takes an item with one of these for a failed one. */
const ERROR_FIELDS = ['error', '$error'];
/** Fields that only some results have: the input's must not pass for one of this message. */
const RESULT_FIELDS = ['jobId', 'reason', 'redirectedFrom', 'sentAt', 'status', 'rank', 'isFinal', 'deliveredAt', 'readAt', 'failedAt', 'failure', 'timedOut', 'response'];

/** The output items of one run of a send: results or log rows, with the input's fields and more where wanted. */
export class SendOutput {
	/** By item: what its log row says of its message, and its Extra Fields. */
	private readonly kept: Array<{ logged: LoggedMessage | undefined; extraFields: IDataObject } | undefined> = [];

	/** `fields` are the parameters that a message's content is read from. */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly output: Output,
		private readonly fields: readonly string[],
		private readonly testRecipient: unknown,
	) {}

	/** An item became a message. */
	prepared(itemIndex: number, { logged, settings: { extraFields } }: Message): void {
		this.kept[itemIndex] = { logged: this.output === 'logRow' ? logged : undefined, extraFields };
	}

	get forms(): Pick<ItemWork<Message>, 'itemOf' | 'failedItemOf'> {
		if (this.output === 'standard') return { itemOf: (result, itemIndex) => withFields(result, this.moreFields(itemIndex, RESULT_FIELDS)) };
		return {
			itemOf: (result, itemIndex) => this.rowOf(itemIndex, sentRow(this.messageOf(itemIndex), result as unknown as SendResult)),
			failedItemOf: (problem, itemIndex) => this.rowOf(itemIndex, refusedRow(this.messageOf(itemIndex), problem)),
		};
	}

	/** The items for a problem of all items; throws it if the node stops on errors. */
	failAll(problem: Problem): INodeExecutionData[] {
		const { failedItemOf } = this.forms;
		if (!failedItemOf) return failAll(this.context, problem);
		return this.context.getInputData().map((_, item) => ({ json: failedItemOf(problem, item), pairedItem: { item } }));
	}

	private messageOf(itemIndex: number): LoggedMessage {
		return this.kept[itemIndex]?.logged ?? readLogged(this.context, itemIndex, this.fields, this.testRecipient);
	}

	private rowOf(itemIndex: number, row: object): IDataObject {
		const fields = this.moreFields(itemIndex);
		const flat = Object.entries(fields ?? {}).filter(([, value]) => value === null || typeof value !== 'object');
		return withFields({ ...row }, fields && Object.fromEntries(flat));
	}

	/** Copies of the Extra Fields, and of the input item's where wanted; undefined if there are none. */
	private moreFields(itemIndex: number, ours: readonly string[] = []): IDataObject | undefined {
		const input = readYesNo(readOption(this.context, 'includeInputFields', itemIndex)) === true ? this.context.getInputData()[itemIndex]?.json : undefined;
		const fields = Object.entries({ ...input, ...this.extraFields(itemIndex) });
		return fields.length === 0 ? undefined : deepCopy(Object.fromEntries(fields.filter(([name]) => !ERROR_FIELDS.includes(name) && !ours.includes(name))));
	}

	private extraFields(itemIndex: number): IDataObject {
		const kept = this.kept[itemIndex];
		if (kept) return kept.extraFields;
		const given = readExtraFields(readOption(this.context, 'extraFields', itemIndex));
		return given.ok ? given.value : {};
	}
}

/** The result's fields stand first, and win. */
function withFields(result: IDataObject, fields: IDataObject | undefined): IDataObject {
	return fields ? { ...result, ...fields, ...result } : result;
}
