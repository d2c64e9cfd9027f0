/** Where a world plays: virtual time, the wire, the channel, the database, and n8n processes that come and go. */
import { Channel, type ChannelSettings } from './channel.mts';
import type { Engine, N8nProcess } from './engine.mts';
import { Store, type StoreFault } from './store.mts';
import { Transport } from './transport.mts';
import { VirtualTime } from './virtual-time.mts';

/** What the clock on the wall shows when a world begins. */
const EPOCH = Date.UTC(2026, 10, 22, 18);

export interface StageSettings {
	/** Seeds what the node takes from chance. */
	chance: number;
	channel: ChannelSettings;
	/** What goes wrong with a call to the database, by how many came before it. */
	storeFaultOf?: (place: number) => StoreFault | undefined;
}

export class Stage {
	readonly time: VirtualTime;
	readonly channel: Channel;
	readonly store: Store;
	/** The n8n that runs now. */
	process: N8nProcess;
	private readonly transport: Transport;

	readonly engine: Engine;

	private constructor(engine: Engine, time: VirtualTime, settings: StageSettings) {
		this.engine = engine;
		this.time = time;
		this.channel = new Channel(time, settings.channel);
		this.store = new Store(time, settings.storeFaultOf);
		this.transport = new Transport(engine.axios, time, this.channel.service);
		this.process = engine.startProcess();
	}

	/** Sets a stage up, plays, and takes it down again. */
	static async play<T>(engine: Engine, settings: StageSettings, scene: (stage: Stage) => Promise<T>): Promise<T> {
		const time = new VirtualTime(EPOCH, settings.chance);
		time.install();
		try {
			const stage = new Stage(engine, time, settings);
			stage.transport.install();
			stage.store.install(engine);
			try {
				return await scene(stage);
			} finally {
				stage.transport.uninstall();
			}
		} finally {
			time.uninstall();
		}
	}

	/** n8n ends as it does when it is asked to, and is started again: what it kept in memory is lost. */
	restart(): void {
		this.process = this.engine.startProcess();
	}

	/** The machine goes down and comes up again: whatever n8n was doing is never finished. */
	crash(): void {
		this.time.dropTimers();
		this.transport.dropRequests();
		this.store.dropCalls();
		this.restart();
	}
}
