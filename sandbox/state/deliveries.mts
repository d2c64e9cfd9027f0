import type { Changes } from './changes.mts';
import { Clock } from './clock.mts';
import type { Hooks } from '../hooks/hooks.mts';
import type { Message, StatusRecord } from './messages.mts';
import type { Settings } from './settings.mts';
import { type PlannedStatus, planStatuses, usualStatuses, type WantedStatus } from '../scenarios/status-plan.mts';

/** Makes statuses happen to accepted messages, each at its time. */
export class Deliveries {
	readonly #settings: Settings;
	readonly #hooks: Hooks;
	readonly #changes: Changes;
	readonly #clock = new Clock();

	constructor(settings: Settings, hooks: Hooks, changes: Changes) {
		this.#settings = settings;
		this.#hooks = hooks;
		this.#changes = changes;
	}

	/** Starts a message on its way; without `wanted` it goes as the settings say. */
	start(message: Message, wanted?: readonly WantedStatus[]): void {
		this.#next(message, planStatuses(wanted ?? usualStatuses(this.#settings), this.#settings), 0);
	}

	/** A status happens now: it is remembered, and its hook goes out. */
	happen(message: Message, record: StatusRecord): void {
		message.statuses.push(record);
		this.#changes.happened();
		this.#hooks.status(message, record);
	}

	/** Forgets everything planned. */
	clear(): void {
		this.#clock.clear();
	}

	// One scheduled step a message, not one a status.
	#next(message: Message, plan: readonly PlannedStatus[], place: number): void {
		const step = plan[place];
		if (!step) return;
		this.#clock.schedule(message.at + step.afterMs, () => {
			const { status, code } = step;
			this.happen(message, { status, at: message.at + step.happensMs, ...(code !== undefined && { code }) });
			this.#next(message, plan, place + 1);
		});
	}
}
