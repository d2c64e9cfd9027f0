/** Executions with the events of several hooks: whose they are, and in which order they started. */
import { isDeepStrictEqual } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import type { Invariant } from '../world-kind.mts';
import type { Hook } from './installation.mts';
import { meaningsOf, type Meaning, type Report } from './reports.mts';

export interface Shared {
	hooks: readonly Hook[];
	told: ReadonlyMap<Hook, Report>;
	/** Wall clock at the start of the world. */
	epoch: number;
}

/** Whether an item can be what a hook told. */
export function isAbout(item: IDataObject, meaning: Meaning): boolean {
	return item.event === meaning.event && item.messageId === meaning.messageId && item.status === meaning.status && (!('raw' in item) || isDeepStrictEqual(item.raw, meaning.raw));
}

/** Moves each item from the hook that started it to the hook that told it: a hook whose events are gathered is answered after they were received. */
export function shareOut({ hooks, told, epoch }: Shared): void {
	const untold = new Map(hooks.map((hook) => [hook, [...meaningsOf(told.get(hook)!)]]));
	const take = (hook: Hook, item: IDataObject) => {
		const left = untold.get(hook)!;
		const found = left.findIndex((meaning) => isAbout(item, meaning));
		if (found >= 0) left.splice(found, 1);
		return found >= 0;
	};
	const waiting = hooks.filter(({ items, status }) => items === undefined && status === 200).sort((a, b) => a.from - b.from);
	for (const leader of inOrder(hooks)) {
		const items = leader.items!;
		leader.items = [];
		const others = waiting.filter((hook) => isSameMemory(hook, leader));
		// Before its own come those that an earlier execution should have started with; they may say the same.
		const own = items.find(({ receivedAt }) => Date.parse(String(receivedAt)) - epoch >= leader.arrivedAt);
		for (const item of items) {
			const at = Date.parse(String(item.receivedAt)) - epoch;
			const isLeaders = item.receivedAt === own?.receivedAt && take(leader, item);
			const owner = isLeaders ? leader : (others.find((hook) => hook.arrivedAt <= at && at <= hook.answeredAt! && take(hook, item)) ?? leader);
			(owner.items ??= []).push(item);
			if (owner !== leader) owner.leader = leader;
		}
	}
}

/** A trigger's events start in the order in which they came; with `confirmWithApi` an execution may overtake the one before. */
export function judgeOrder(hooks: readonly Hook[], isConfirming: (hook: Hook) => boolean, say: (invariant: Invariant, what: string) => void): void {
	const last = new Map<string, { at: string; witness: string }>();
	for (const hook of inOrder(hooks)) {
		// Events that n8n could not start an execution for are passed on in the end, or with the next.
		if (isConfirming(hook) || hooks.some((other) => other.isRefused && isSameMemory(other, hook))) continue;
		const memory = `${hook.process.id} ${hook.node} ${hook.mode}`;
		for (const { receivedAt } of hook.items!) {
			const [at, before] = [String(receivedAt), last.get(memory)];
			if (before && at < before.at) say('heard', `${hook.witness} started an event of ${at} after one of ${before.at} in ${before.witness}`);
			last.set(memory, { at, witness: hook.witness });
		}
	}
}

/** Hooks that started an execution, in the order of their starts. */
function inOrder(hooks: readonly Hook[]): Hook[] {
	return hooks.filter(({ items, startedAt }) => items !== undefined && startedAt !== undefined).sort((a, b) => a.startedAt! - b.startedAt!);
}

function isSameMemory(one: Hook, other: Hook): boolean {
	return one.process === other.process && one.node === other.node && one.mode === other.mode;
}
