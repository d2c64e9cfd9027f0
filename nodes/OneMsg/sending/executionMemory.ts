import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

interface Entry {
	contactKey: string;
	item: IDataObject;
}

const NAME = 'oneMsgSettled';

/**
 * What this execution has settled already. n8n's Retry On Fail, and a retry of the whole execution, run the node again
 * with all its items: what was settled is answered from here instead of being sent again.
 * It lives in the node's context, which n8n keeps with the execution, by run, item and recipient: loops are told apart,
 * and a text that changes between tries makes no other message.
 */
export class ExecutionMemory {
	private readonly entries: Record<string, Entry>;
	private readonly run: number;

	constructor(private readonly context: IExecuteFunctions) {
		const node = context.getContext('node');
		this.run = Number(context.getWorkflowDataProxy(0).$runIndex) || 0;
		const all = (node[NAME] ??= {}) as Record<string, Record<string, Entry>>;
		this.entries = all[this.run] ??= {};
	}

	/** The output item of an item's message to this customer; nothing where none was settled. */
	recall(itemIndex: number, contactKey: string): IDataObject | undefined {
		const entry = this.entries[itemIndex];
		return entry?.contactKey === contactKey ? entry.item : undefined;
	}

	remember(itemIndex: number, contactKey: string, item: IDataObject): void {
		this.entries[itemIndex] = { contactKey, item };
	}

	forget(itemIndex: number): void {
		delete this.entries[itemIndex];
	}

	/** Nothing can ask again once every item went well: the execution need not carry it any further. */
	clear(): void {
		const all = this.context.getContext('node')[NAME] as IDataObject;
		delete all[this.run];
	}
}
