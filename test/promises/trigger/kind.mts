/** Worlds that activate, deactivate, copy and call triggers. */
import type { Engine } from '../engine.mts';
import type { Fault } from '../faults.mts';
import { Transport } from '../transport.mts';
import { VirtualTime } from '../virtual-time.mts';
import type { Broken, Report, WorldKind } from '../world-kind.mts';
import { HookChannel, type Asked, type Operation } from './channel.mts';
import { Installation, type Call, type Doing, type Hook, type Surroundings } from './installation.mts';
import { judge, type Played } from './invariants.mts';
import { bodyOf, CHANNEL, messageIdOf, type Report as Told } from './reports.mts';
import { endpointOf, formerSecrets } from './urls.mts';
import { OTHERS, show, triggerWorld, type Deed, type ForgedSecret, type Step, type TriggerWorld } from './world.mts';

/** Wall clock at the start of a world. */
const EPOCH = Date.UTC(2026, 10, 22, 18);

/** Milliseconds within which any n8n operation must end: five attempts of some fifteen requests, each timing out after 30 s. */
const MAX_OPERATION_MS = 5 * 15 * 30_000;

/** One of our nodes. */
interface Target {
	host: Installation;
	node: number;
	mode: Hook['mode'];
}

const TOKEN = 'token-of-the-channel-7c1f';

export const triggerWorlds: WorldKind<TriggerWorld> = {
	name: 'trigger',
	weight: 1,
	arbitrary: triggerWorld,
	show,
	play: async (engine, world) => await new Play(engine, world).run(),
};

export class Play {
	private readonly time = new VirtualTime(EPOCH, 1);
	readonly channel: HookChannel;
	readonly hosts: Installation[];
	private readonly workflows: number[];
	readonly calls: Call[] = [];
	readonly hooks: Hook[] = [];
	private readonly log: string[] = [];
	private readonly told = new Map<Hook, Told>();
	/** By step: number of requests, in total and per kind. */
	private readonly counts = new Map<Step, Map<Operation | 'all', number>>();
	private readonly stepOf = new Map<string, Step>();
	private readonly underWay = new Set<Promise<unknown>>();
	private faults = 0;
	private processes = 0;
	private readonly engine: Engine;
	private readonly world: TriggerWorld;

	constructor(engine: Engine, world: TriggerWorld) {
		this.engine = engine;
		this.world = world;
		this.channel = new HookChannel(this.time, {
			channelId: CHANNEL,
			token: TOKEN,
			origin: 'https://api.1msg.io',
			latency: world.latency,
			urls: world.urls,
			style: world.style,
			readsSettings: world.readsSettings,
			writesSettings: world.writesSettings,
			areAcksOn: world.areAcksOn,
			known: (messageId) => world.known.filter(({ message }) => messageIdOf(message) === messageId),
			faultOf: (operation, witness) => this.faultOf(operation, witness),
			onAsked: (asked) => this.onAsked(asked),
		});
		this.workflows = [...new Set(world.nodes.map(({ workflow }) => workflow))].sort();
		const surroundings: Surroundings = {
			engine,
			time: this.time,
			channel: this.channel,
			credential: { channelId: CHANNEL, apiToken: TOKEN, baseUrl: 'https://api.1msg.io', testRecipient: '' },
			nodes: world.nodes,
			calls: this.calls,
			hooks: this.hooks,
			log: this.log,
			onCall: ({ witness }, doing) => this.belongs(witness, doing),
			nextProcess: () => this.processes++,
		};
		this.hosts = world.hosts.map((setup, index) => new Installation(setup, index, surroundings));
	}

	async run(): Promise<Report> {
		this.time.install();
		const transport = new Transport(this.engine.axios, this.time, this.channel.service);
		transport.install();
		try {
			const stuck: Broken[] = [];
			if (this.world.isActive) for (const workflow of this.workflows) this.begin(this.hosts[0]!.activate(workflow, NOTHING));
			for (const step of this.world.steps) {
				if (step.after === 'quiet') stuck.push(...(await this.quiet()));
				else await this.time.pass(step.after);
				await this.take(step);
			}
			stuck.push(...(await this.quiet()));
			const { world, channel, calls, hooks, told, log } = this;
			const played: Played = { world, channel, calls, hooks, told, log, token: TOKEN, epoch: EPOCH };
			const items = hooks.reduce((sum, { items: started }) => sum + (started?.length ?? 0), 0);
			return { broken: [...stuck, ...judge(played)], messages: items, faults: this.faults };
		} finally {
			transport.uninstall();
			this.time.uninstall();
		}
	}

	private async take(step: Step): Promise<void> {
		const { deed } = step;
		const doing = this.doingOf(step);
		switch (deed.do) {
			case 'activate':
				return this.begin(this.host(deed.host).activate(this.workflow(deed.workflow), doing, deed.isStart));
			case 'deactivate':
				return this.begin(this.host(deed.host).deactivate(this.workflow(deed.workflow), doing));
			case 'listen':
				return this.begin(this.host(deed.host).listen(this.node(deed.node), doing));
			case 'stopListening':
				return this.begin(this.host(deed.host).stopListening(this.world.nodes[this.node(deed.node)]!.workflow, doing));
			case 'restart':
				if (deed.how === 'quietly') await this.quiet();
				else this.host(deed.host).hasLost = true;
				if (deed.how === 'stopping') await this.time.until(this.host(deed.host).allExecuted(), this.time.elapsed() + MAX_OPERATION_MS);
				if (deed.how === 'stopping') this.host(deed.host).stop();
				else this.host(deed.host).restart();
				if (deed.isActivating) this.activateAll(this.host(deed.host), doing);
				return;
			case 'move': {
				const host = this.host(deed.host);
				await this.quiet();
				host.move(`https://moved-${host.index}-${host.formerAddresses.length}.shop.example`);
				if (deed.isActivating) this.activateAll(host, doing);
				return;
			}
			case 'forget':
				this.host(deed.host).hasLost = true;
				this.host(deed.host).database.delete(this.workflow(deed.workflow));
				return;
			case 'copy':
				if (this.host(deed.from) === this.host(deed.to)) return;
				this.host(deed.to).takeDatabaseOf(this.host(deed.from));
				if (deed.isActivating) this.activateAll(this.host(deed.to), doing);
				return;
			default:
				this.takeAtOnce(deed, step);
		}
	}

	/** Events possible at any moment, even during a request. */
	private takeAtOnce(deed: Extract<Deed, { do: 'other' | 'report' | 'forge' }>, step: Step): void {
		if (deed.do === 'other') return this.change(deed);
		if (deed.do === 'forge') return this.forge(deed, step);
		for (const url of this.channel.urls) {
			if (this.channel.isDisabled(url)) continue;
			const target = this.targetOf(url);
			if (!target) continue;
			const query = Object.fromEntries(new URL(url).searchParams);
			for (let time = 0; time < deed.times; time++) {
				this.time.after(deed.after + time, () => this.post({ ...target, url, query, report: deed.report, byMain: deed.byMain }, step));
			}
		}
	}

	private post({ host, node, mode, url, query, report, byMain }: Target & { url: string; query: Hook['query']; report: Told; byMain: boolean }, step: Step): void {
		const witness = `hook ${this.hooks.length}`;
		this.stepOf.set(witness, step);
		this.begin(host.hear(node, mode, url, query, structuredClone(bodyOf(report)), byMain, witness));
		this.told.set(this.hooks.at(-1)!, report);
	}

	private forge({ host, node, mode, secret, report, byMain }: Extract<Deed, { do: 'forge' }>, step: Step): void {
		const [at, which] = [this.host(host), this.node(node)];
		this.post({ host: at, node: which, mode, url: at.urlOf(which, mode), query: this.forgedQuery(at, which, mode, secret), report, byMain }, step);
	}

	private forgedQuery(host: Installation, node: number, mode: Hook['mode'], kind: ForgedSecret): Hook['query'] {
		const secretOf = (at: Installation, of: number) => formerSecrets(this.channel, at.urlOf(of, mode)).at(-1);
		const right = secretOf(host, node) ?? 'nothing-registered';
		switch (kind) {
			case 'none':
				return {};
			case 'empty':
				return { secret: '' };
			case 'almost':
				return { secret: `${right} ` };
			case 'former':
				return { secret: formerSecrets(this.channel, host.urlOf(node, mode)).at(-2) ?? right.toUpperCase() };
			case 'otherNode':
				return { secret: secretOf(host, (node + 1) % this.world.nodes.length) ?? 'crm-secret-0001' };
			case 'otherHost':
				return { secret: secretOf(this.hosts[(host.index + 1) % this.hosts.length]!, node) ?? 'another-workflow-1' };
			case 'twice':
				return { secret: ['wrong', right] };
			case 'listed':
				return { secret: [right] };
			case 'nested':
				return { secret: { toString: right } };
			default:
				return { secret: 'wrong' };
		}
	}

	private change({ change }: Extract<Deed, { do: 'other' }>): void {
		const { channel } = this;
		const isOurs = (url: string) => this.targetOf(url) !== undefined;
		switch (change.change) {
			case 'add': {
				const url = OTHERS[change.url]!;
				if (channel.urls.length < 5 && !channel.urls.includes(url)) channel.write([...channel.urls, url]);
				return;
			}
			case 'remove': {
				const others = channel.urls.filter((url) => !isOurs(url));
				const gone = others[change.index % others.length];
				return channel.write(channel.urls.filter((url) => url !== gone));
			}
			case 'restore':
				return channel.write(channel.versions.at(-1 - change.ago)?.urls ?? channel.urls);
			case 'clear':
				return channel.write([]);
			case 'disable':
				return channel.urls.length === 0 ? undefined : channel.disable(channel.urls[change.index % channel.urls.length]!);
		}
	}

	/** The node that a URL leads to. */
	private targetOf(url: string): Target | undefined {
		const endpoint = endpointOf(url);
		for (const host of this.hosts) {
			for (const node of this.world.nodes.keys()) {
				for (const mode of ['production', 'test'] as const) {
					for (const address of [host.address, ...host.formerAddresses]) if (endpointOf(host.urlOf(node, mode, address)) === endpoint) return { host, node, mode };
				}
			}
		}
		return undefined;
	}

	private activateAll(host: Installation, doing: Doing): void {
		for (const workflow of [...host.active].sort()) this.begin(host.activate(workflow, doing, true));
	}

	private begin(promise: Promise<unknown>): void {
		const ended: Promise<unknown> = promise.catch((error: unknown) => void this.log.push(`world: ${String(error)}`)).finally(() => this.underWay.delete(ended));
		this.underWay.add(ended);
	}

	/** Waits until nothing is in progress, including delayed calls. */
	private async quiet(): Promise<Broken[]> {
		const limit = this.time.elapsed() + MAX_OPERATION_MS;
		await this.time.pass(6000);
		while (this.underWay.size > 0) {
			const waited = await this.time.until(Promise.all(this.underWay), limit);
			if (waited === 'done') continue;
			const open = [...this.calls, ...this.hooks].filter(({ to, process }) => to === Infinity && !process.isDead).map(({ witness }) => witness);
			this.underWay.clear();
			return [{ invariant: 'neverStuck', what: `${open.join(', ') || 'something'} ${waited === 'stuck' ? 'waits for nothing' : 'did not end'}` }];
		}
		return [];
	}

	private faultOf(operation: Operation, witness: string): Fault | undefined {
		const step = this.stepOf.get(witness);
		if (!step) return undefined;
		const counts = this.counts.get(step) ?? new Map<Operation | 'all', number>();
		this.counts.set(step, counts);
		const nth = counts.get(operation) ?? 0;
		counts.set(operation, nth + 1);
		const found = step.faults.find((one) => one.operation === operation && one.nth === nth)?.fault;
		if (found) this.faults++;
		return found;
	}

	private onAsked({ witness }: Asked): void {
		const step = this.stepOf.get(witness);
		if (!step) return;
		const counts = this.counts.get(step)!;
		const index = counts.get('all') ?? 0;
		counts.set('all', index + 1);
		for (const { request, deed } of step.meanwhile) if (request === index) this.takeAtOnce(deed, step);
	}

	private doingOf(step: Step): Doing {
		const doing = { name: `step ${this.world.steps.indexOf(step)}` };
		this.stepByDoing.set(doing, step);
		return doing;
	}

	private readonly stepByDoing = new Map<Doing, Step>();

	private belongs(witness: string, doing: Doing): void {
		const step = this.stepByDoing.get(doing);
		if (step) this.stepOf.set(witness, step);
	}

	private host(index: number): Installation {
		return this.hosts[index % this.hosts.length]!;
	}

	private node(index: number): number {
		return index % this.world.nodes.length;
	}

	private workflow(index: number): number {
		return this.workflows[index % this.workflows.length]!;
	}
}

const NOTHING: Doing = { name: 'before the world' };
