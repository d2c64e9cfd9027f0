import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/** What a try of the node has learnt about an item's message, without what can be read again from its parameters. */
export type Remembered = IDataObject & { outcome: string };

interface Entry {
	key: string;
	remembered: Remembered;
}

const NAME = 'oneMsgSettled';

/**
 * What this execution has settled already. n8n's Retry On Fail, and a retry of the whole execution, run the node again
 * with all its items: what was settled is answered from here instead of being sent again.
 * It lives in the node's context, which n8n keeps with the execution, by run and item, so that loops are told apart.
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

	/** What is known of an item's message; nothing where the item now makes another message than before. */
	recall(itemIndex: number, key: string): Remembered | undefined {
		const entry = this.entries[itemIndex];
		return entry?.key === key ? entry.remembered : undefined;
	}

	remember(itemIndex: number, key: string, remembered: Remembered): void {
		this.entries[itemIndex] = { key, remembered };
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
