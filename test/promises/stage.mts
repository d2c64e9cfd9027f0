/** A world's stage: virtual time, network, channel, database, and n8n processes that come and go. */
import { Channel, type ChannelSettings } from './channel.mts';
import type { Engine, N8nProcess } from './engine.mts';
import { Store, type StoreFault } from './store.mts';
import { Transport } from './transport.mts';
import { VirtualTime } from './virtual-time.mts';

/** Wall clock at the start of a world. */
const EPOCH = Date.UTC(2026, 10, 22, 18);

export interface StageSettings {
	/** Seed for the node's randomness. */
	chance: number;
	channel: ChannelSettings;
	/** Fault of a database call, by its index. */
	storeFaultOf?: (index: number) => StoreFault | undefined;
	/** Milliseconds per database read and write. */
	storeLatency?: number;
}

export class Stage {
	readonly time: VirtualTime;
	readonly channel: Channel;
	readonly store: Store;
	/** The running n8n. */
	process: N8nProcess;
	private readonly transport: Transport;

	readonly engine: Engine;

	private constructor(engine: Engine, time: VirtualTime, settings: StageSettings) {
		this.engine = engine;
		this.time = time;
		this.channel = new Channel(time, settings.channel);
		this.store = new Store(time, settings.storeFaultOf, settings.storeLatency);
		this.transport = new Transport(engine.axios, time, this.channel.service);
		this.process = engine.startProcess();
	}

	/** Sets up a stage, plays, and tears it down. */
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

	/** Restarts n8n gracefully: its memory is lost. */
	restart(): void {
		this.process = this.engine.startProcess();
	}

	/** Crashes and restarts the machine: n8n's work in progress is lost. */
	crash(): void {
		this.time.dropTimers();
		this.transport.dropRequests();
		this.store.dropCalls();
		this.restart();
	}
}
