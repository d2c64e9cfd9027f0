import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

interface Entry {
	contactKey: string;
	item: IDataObject;
}

const CONTEXT_KEY = 'oneMsgSettled';

/**
 * The messages that this execution has settled. n8n's Retry On Fail, and a retry of the whole execution, run the node again
 * with all its items: settled ones are answered from here instead of being sent again.
 * Stored in the node's context, which n8n keeps with the execution, by run, item and recipient: loop iterations stay distinct,
 * and a text that changes between attempts does not make a new message.
 */
export class ExecutionMemory {
	private readonly entries: Record<string, Entry>;
	private readonly run: number;

	constructor(private readonly context: IExecuteFunctions) {
		const node = context.getContext('node');
		this.run = Number(context.getWorkflowDataProxy(0).$runIndex) || 0;
		const all = (node[CONTEXT_KEY] ??= {}) as Record<string, Record<string, Entry>>;
		this.entries = all[this.run] ??= {};
	}

	/** The output item of an item's settled message to this customer, if any. */
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

	/** Once every item has succeeded, nothing is retried. */
	clear(): void {
		const all = this.context.getContext('node')[CONTEXT_KEY] as IDataObject;
		delete all[this.run];
	}
}
