import type { Changes } from './changes.mts';
import { Clock } from './clock.mts';
import type { Hooks } from '../hooks/hooks.mts';
import type { Message, StatusRecord } from './messages.mts';
import { SeededRandom } from './random.mts';
import type { Settings } from './settings.mts';
import { type PlannedStatus, planStatuses, usualStatuses, type WantedStatus } from '../scenarios/status-plan.mts';

/** Fixed, so that a run can be repeated. */
const SEED = 1;

/** Applies statuses to accepted messages on schedule. */
export class Deliveries {
	readonly #settings: Settings;
	readonly #hooks: Hooks;
	readonly #changes: Changes;
	readonly #clock = new Clock();
	#random = new SeededRandom();

	constructor(settings: Settings, hooks: Hooks, changes: Changes) {
		this.#settings = settings;
		this.#hooks = hooks;
		this.#changes = changes;
	}

	/** Starts a message's delivery; `wanted` defaults to the settings' statuses. */
	start(message: Message, wanted?: readonly WantedStatus[]): void {
		this.#next(message, planStatuses(wanted ?? usualStatuses(this.#settings), this.#settings, this.#random.next(SEED)), 0);
	}

	/** Applies a status now: stores it and sends its hook. */
	happen(message: Message, record: StatusRecord): void {
		message.statuses.push(record);
		this.#changes.happened();
		this.#hooks.status(message, record);
	}

	/** Cancels all planned statuses. */
	clear(): void {
		this.#random = new SeededRandom();
		this.#clock.clear();
	}

	// One scheduled job per message, not per status.
	#next(message: Message, plan: readonly PlannedStatus[], index: number): void {
		const step = plan[index];
		if (!step) return;
		this.#clock.schedule(message.at + step.afterMs, () => {
			const { status, code } = step;
			this.happen(message, { status, at: message.at + step.happensMs, ...(code !== undefined && { code }) });
			this.#next(message, plan, index + 1);
		});
	}
}
