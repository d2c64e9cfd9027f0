/** IDs remembered at most; the oldest are forgotten first. */
const MOST = 20_000;

/** Message IDs that answers to sends of this process have told: none of them is a proof that another message went out. */
class OwnMessages {
	private readonly ids = new Set<string>();

	add(id: string): void {
		this.ids.add(id);
		if (this.ids.size > MOST) this.ids.delete(this.ids.values().next().value!);
	}

	has(id: string): boolean {
		return this.ids.has(id);
	}
}

export const ownMessages = new OwnMessages();
