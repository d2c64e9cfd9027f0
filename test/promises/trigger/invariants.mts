/** Checks a played world: the trigger's promises in interface.md against what channel and callers saw. */
import { inspect } from 'node:util';
import type { IDataObject } from 'n8n-workflow';
import type { Broken, Invariant } from '../world-kind.mts';
import type { Asked, HookChannel, ListVersion } from './channel.mts';
import { isAbout, judgeOrder, shareOut } from './gathered.mts';
import type { Call, Hook } from './installation.mts';
import { CHANNEL, keyOf, meaningsOf, messageIdOf, type Meaning, type Report } from './reports.mts';
import { endpointOf, formerSecrets, secretIn } from './urls.mts';
import type { TriggerWorld } from './world.mts';

export interface Played {
	world: TriggerWorld;
	channel: HookChannel;
	calls: Call[];
	hooks: Hook[];
	told: Map<Hook, Report>;
	log: string[];
	token: string;
	/** Wall clock at the start of the world. */
	epoch: number;
}

/** Milliseconds to answer a hook, and for asking hookInfo where the answer waits for the workflow. */
const FAST = 1000;
const CONFIRMING = 7000;

/** Milliseconds the channel's list may take while a hook waits for it. */
const SOON = 500;

/** Minimum milliseconds the node waits for the list. */
const TIMEOUT = 30_000;

/** Capacity of a channel's list. */
const MAX_URLS = 5;

export function judge(played: Played): Broken[] {
	const broken: Broken[] = [];
	const said = new Set<string>();
	const say = (invariant: Invariant, what: string) => {
		if (!said.has(what)) broken.push({ invariant, what });
		said.add(what);
	};
	for (const call of played.calls) judgeCall(played, call, say);
	judgeOrder(played.hooks, (hook) => parametersOf(played.world, hook).options.confirmWithApi === true, say);
	shareOut(played);
	judgeHooks(played, say);
	judgeSecrets(played, say);
	return broken;
}

type Say = (invariant: Invariant, what: string) => void;

function judgeCall(played: Played, call: Call, say: Say): void {
	const { channel, world } = played;
	const asked = channel.asked.filter(({ witness }) => witness === call.witness);
	for (const one of asked) if (one.written) judgeWriting(call, one, asked, say);
	for (const { operation, names } of asked) {
		if (operation === 'writeSettings' && names.some((name) => name !== 'ackNotificationsOn')) say('goodNeighbour', `${nameOf(call)} changed the settings ${names.join(', ')}`);
	}
	if (call.to === Infinity) return;
	const { url } = call;
	const ours = (list: readonly string[]) => list.filter((entry) => endpointOf(entry) === endpointOf(url));
	const isDisturbed = wasDisturbed(played, call);
	const hasFault = asked.some(({ fault, operation }) => fault !== undefined && !(fault.kind === 'refused' && fault.status === 404 && /Settings/.test(operation)));
	const isFull = asked.some(({ list }) => list.length - ours(list).length >= MAX_URLS);
	// Only the settings can remove the last URL.
	const cannotClear = !world.writesSettings && asked.some(({ path, operation }) => path === '/settings' && operation === 'writeList');
	if (call.thrown !== undefined) {
		if (!hasFault && !isDisturbed && !(call.method === 'create' && isFull) && !cannotClear) say('activates', `${nameOf(call)} failed without a reason: ${String(call.thrown)}`);
		return;
	}
	const list = versionAt(channel, call.to).urls;
	if (call.method === 'checkExists') {
		const seen = asked.filter(({ operation }) => operation === 'readList').map(({ list: read }) => ours(read));
		const isDown = asked.some(({ operation, list: read, sequence }) => operation === 'readList' && ours(read).some((entry) => channel.isDisabled(entry, sequence)));
		if (call.value === true && isDown && world.style.states !== 'none' && !hasFault) say('activates', `${nameOf(call)} said that it is registered where the channel has disabled it`);
		if (call.value === true && !seen.some((found) => found.length === 1 && hasSecret(found[0]!))) say('activates', `${nameOf(call)} said that it is registered where the list holds ${seen.map(String).join(' | ') || 'nothing that it looked at'}`);
		return;
	}
	const found = ours(list);
	if (isDisturbed) return;
	if (call.method === 'delete' && found.length > 0) say('oursOnce', `after ${nameOf(call)} the list still holds ${found.join(' and ')}`);
	if (call.method === 'create' && !(found.length === 1 && hasSecret(found[0]!))) say('oursOnce', `after ${nameOf(call)} the list holds ${found.length === 0 ? 'nothing of ours' : found.join(' and ')}`);
	if (call.method === 'create' && found.some((entry) => channel.isDisabled(entry, call.to) && !channel.disabled.some(({ url: which, from }) => which === entry && from > call.from))) say('activates', `after ${nameOf(call)} the channel still has it disabled`);
	if (call.method === 'create' && !isNewSecret(channel, call, found)) say('oursOnce', `${nameOf(call)} registered a secret that is not its own`);
	const wantsStatuses = (world.nodes[call.node]!.parameters.events as string[]).includes('messageStatus');
	const hasSettings = world.readsSettings && world.writesSettings && !asked.some(({ fault, operation }) => fault !== undefined && /Settings/.test(operation));
	if (call.method === 'create' && wantsStatuses && hasSettings && channel.flags.ackNotificationsOn !== true) say('activates', `after ${nameOf(call)} the channel does not send status events`);
}

/** A write of the list must keep the entries of others. */
function judgeWriting(call: Call, writing: Asked, asked: readonly Asked[], say: Say): void {
	const own = endpointOf(call.url);
	const isOther = (url: string) => endpointOf(url) !== own;
	const read = asked.filter(({ operation, sequence }) => (operation === 'readList' || operation === 'readSettings') && sequence < writing.sequence);
	const lastRead = read.filter(({ fault }) => fault === undefined || (fault.kind === 'late' && fault.after < TIMEOUT - FAST)).at(-1);
	const written = writing.written!;
	// An entry added by another program after our read is lost; the service can't prevent that.
	const lost = [...new Set(writing.list)].filter((url) => isOther(url) && !written.includes(url) && (lastRead === undefined || lastRead.list.includes(url)));
	if (lost.length > 0) say('goodNeighbour', `${nameOf(call)} removed ${lost.join(' and ')}`);
	const others = written.filter(isOther);
	const invented = others.filter((url) => !read.some(({ list }) => list.includes(url)));
	if (invented.length > 0) say('goodNeighbour', `${nameOf(call)} wrote ${invented.join(' and ')}, which nobody had there`);
	if (new Set(others).size < others.length) say('goodNeighbour', `${nameOf(call)} doubled one of ${others.join(' and ')}`);
	const ours = written.filter((url) => !isOther(url));
	if (ours.length > (call.method === 'create' ? 1 : 0)) say('oursOnce', `${nameOf(call)} wrote ${ours.join(' and ')}`);
}

/** Whether another process wrote the list meanwhile. */
function wasDisturbed({ channel, calls }: Played, { from, to, process }: Call): boolean {
	return channel.versions.some(({ sequence, by }) => sequence > from && sequence < to && calls.find(({ witness }) => witness === by)?.process !== process);
}

function isNewSecret(channel: HookChannel, { from, to }: Call, found: string[]): boolean {
	const secret = found[0] === undefined ? undefined : secretIn(found[0]);
	return !channel.versions.some(({ sequence, urls }) => !(sequence > from && sequence < to) && sequence < to && urls.some((url) => URL.canParse(url) && secretIn(url) === secret));
}

function hasSecret(url: string): boolean {
	return (secretIn(url) ?? '').length >= 16;
}

function versionAt({ versions }: HookChannel, sequence: number): ListVersion {
	return versions.findLast((version) => version.sequence <= sequence) ?? versions[0]!;
}

/** Longest `gatherFor`, in milliseconds. */
const MAX_GATHERING = 5000;

/** What a hook may and must start, and did. */
interface Heard {
	hook: Hook;
	meanings: Meaning[];
	/** For each meaning, whether it started an execution. */
	started: boolean[];
}

function judgeHooks(played: Played, say: Say): void {
	const heard: Heard[] = [];
	for (const hook of played.hooks) {
		if (!hook.isReached || (hook.process.isDead && !(hook.process.hasStopped && hook.status === 200))) continue;
		if (hook.to === Infinity || hook.returnedAt === undefined) {
			say('neverStuck', `${hook.witness} was never answered`);
			continue;
		}
		if (hook.isRefused) continue;
		const registered = isRegistered(played, hook);
		judgeSpeed(played, hook, say);
		if (hook.thrown !== undefined) say('heard', `${nameOf(hook)} made the node fail: ${String(hook.thrown)}`);
		if (registered === 'no') {
			if (hook.items !== undefined) say('unheard', `${nameOf(hook)} with ${secretText(hook)}, which is not registered, started an execution`);
			if (hook.status !== 401 && !(askedList(played, hook).some(({ fault }) => fault) && hook.status! >= 400)) say('unheard', `${nameOf(hook)} with ${secretText(hook)}, which is not registered, was answered ${hook.status}`);
			continue;
		}
		const isAccepted = hook.items !== undefined || hook.status === 200;
		if (registered === 'maybe' && !isAccepted) continue;
		if (!isAccepted) {
			say('heard', `${nameOf(hook)} with the registered secret was answered ${hook.status}`);
			continue;
		}
		judgeAnswer(played, hook, say);
		heard.push(compare(played, hook, say));
	}
	const refused = played.hooks.filter(({ isRefused }) => isRefused).map((hook) => ({ hook, meanings: meaningsOf(played.told.get(hook)!), started: [] }));
	for (const one of heard) if (!one.hook.process.isDead || outlivesStop(played, one.hook)) judgeChoice(played, one, heard, refused, say);
}

/** Whether n8n may not lose a hook that it has answered when it is stopped: its execution runs in the process, which has shown that before. */
function outlivesStop({ world }: Played, hook: Hook): boolean {
	const { options, respond } = parametersOf(world, hook);
	const firstRun = hook.process.firstRuns.get(hook.node) ?? Infinity;
	const isSimple = respond === 'immediately' && options.confirmWithApi !== true && world.nodes[hook.node]!.unstartable.length === 0;
	return isSimple && hook.mode === 'production' && !hook.host.setup.isQueueMode && hook.arrivedAt > firstRun + MAX_GATHERING;
}

function judgeSpeed({ world }: Played, hook: Hook, say: Say): void {
	const { options, respond } = parametersOf(world, hook);
	const limit = FAST + (respond === 'whenFinished' && options.confirmWithApi === true && hook.items !== undefined ? CONFIRMING : 0);
	const answeredAt = respond === 'whenFinished' ? hook.returnedAt! : hook.answeredAt!;
	if (answeredAt - hook.arrivedAt > limit) say('answersFast', `${nameOf(hook)} was answered after ${answeredAt - hook.arrivedAt} ms`);
}

/** 1MSG redelivers until it gets a 200. */
function judgeAnswer({ world }: Played, hook: Hook, say: Say): void {
	const { respond } = parametersOf(world, hook);
	const isAwaited = respond === 'whenFinished' && hook.items !== undefined;
	const wanted = isAwaited && hook.hasRunFailed ? 500 : 200;
	if (hook.status !== wanted) say('heard', `${nameOf(hook)} was answered ${hook.status}, not ${wanted}`);
	if (isAwaited && hook.answeredAt! - hook.returnedAt! < world.nodes[hook.node]!.runTakes) say('heard', `${nameOf(hook)} was answered before its workflow had finished`);
}

/** Whether the hook's secret is the listed one: throughout, or never since the last registration, or in between. */
function isRegistered(played: Played, hook: Hook): 'yes' | 'no' | 'maybe' {
	const { channel, calls } = played;
	const { host, url } = hook;
	const { secret } = hook.query;
	if (typeof secret !== 'string' || secret === '') return 'no';
	const oursIn = ({ urls }: ListVersion) => urls.filter((entry) => endpointOf(entry) === endpointOf(url));
	const isIn = (version: ListVersion) => oursIn(version).some((entry) => secretIn(entry) === secret);
	const own = calls.filter((call) => call.host === host && call.node === hook.node && call.mode === hook.mode);
	const during = [versionAt(channel, hook.from), ...channel.versions.filter(({ sequence }) => sequence > hook.from && sequence < hook.to)];
	if (during.every(isIn)) {
		const isBeingRemoved = own.some(({ method, from, to }) => method === 'delete' && from < hook.to && to > hook.from);
		const wasListSlow = askedList(played, hook).some(({ fault, at, answeredAt }) => fault !== undefined || (answeredAt ?? Infinity) - at > SOON);
		return isBeingRemoved || wasListSlow || !isOwed(played, hook, secret, during.every((version) => oursIn(version).length === 1)) ? 'maybe' : 'yes';
	}
	// A database copy holds the secrets of the other installation, an older one its own former ones; n8n can't tell which address it is called on.
	const known = played.calls.filter(({ node, mode }) => node === hook.node && mode === hook.mode).flatMap((call) => formerSecrets(channel, call.url));
	if (host.wasReplaced && known.includes(secret)) return 'maybe';
	const settled = own.filter(({ method, thrown, savedAt }) => method !== 'checkExists' && thrown === undefined && savedAt !== undefined && savedAt < hook.from).sort((a, b) => a.savedAt! - b.savedAt!).at(-1);
	// Later changes by other programs are unknown to n8n.
	if (settled?.method === 'create' && secret === writtenBy(channel, [settled])) return 'maybe';
	const from = settled?.savedAt ?? 0;
	const since = [versionAt(channel, from), ...channel.versions.filter(({ sequence }) => sequence > from && sequence < hook.to)];
	return since.some(isIn) ? 'maybe' : 'no';
}

/** Whether a node must answer a listed URL: its own last registration, or its only entry there, by any writer. */
function isOwed({ channel, calls }: Played, { host, process, node, mode, isFormerAddress, from, to }: Hook, secret: string, isOnlyOne: boolean): boolean {
	// A test cut off by a restart is over; one that failed to register never began.
	const own = calls.filter((call) => call.host === host && call.node === node && call.mode === mode && call.from < from && (mode === 'production' || (call.process === process && call.thrown === undefined)));
	const isLast = secret === writtenBy(channel, own, to);
	const isRemoved = own.slice(own.findLastIndex((call) => writtenBy(channel, [call], to) !== undefined)).some(({ method }) => method === 'delete');
	// At a former address only static data has the secret, since the list is checked for the current one; tests don't check it.
	if (isFormerAddress || mode === 'test') return isLast && !isRemoved && (mode === 'test' || (!host.hasLost && !host.wasReplaced));
	return (isLast && !isRemoved) || isOnlyOne;
}

/** The last secret these registrations wrote by then. */
function writtenBy({ versions }: HookChannel, calls: readonly Call[], until = Infinity): string | undefined {
	const written = versions.flatMap(({ by, urls, sequence }) => {
		const call = calls.find(({ method, witness }) => method === 'create' && witness === by);
		return call === undefined || sequence > until ? [] : urls.filter((entry) => endpointOf(entry) === endpointOf(call.url)).map(secretIn);
	});
	return written.at(-1);
}

/** List requests for a hook, or shortly before for another to the same node. */
function askedList({ channel, hooks }: Played, hook: Hook): Asked[] {
	const neighbours = new Set(hooks.filter(({ process, node, mode }) => process === hook.process && node === hook.node && mode === hook.mode).map(({ witness }) => witness));
	return channel.asked.filter(
		({ witness, operation, at, sequence }) => neighbours.has(witness) && operation !== 'hookInfo' && at >= hook.arrivedAt - FAST && sequence < hook.to,
	);
}

/** Compares what a hook started with its meanings. */
function compare(played: Played, hook: Hook, say: Say): Heard {
	const meanings = meaningsOf(played.told.get(hook)!);
	const items = hook.items ?? [];
	// Without `raw`, two entries about one message are told apart by what they say.
	const truthful = matched(meanings.length, items.length, (position, index) => isAbout(items[index]!, meanings[position]!) && untruthsIn(played, hook, meanings[position]!, items[index]!).length === 0);
	const left = items.filter((_, index) => !truthful.includes(index));
	const started = meanings.map((meaning, position) => {
		if (truthful[position] !== undefined) return true;
		const found = left.findIndex((item) => isAbout(item, meaning));
		if (found < 0) return false;
		const [item] = left.splice(found, 1);
		say('truthfulEvents', `${nameOf(hook)}, ${describe(meaning)} in ${meaning.form}: ${untruthsIn(played, hook, meaning, item!).join('; ')}`);
		return true;
	});
	const isForeign = played.told.get(hook)!.named === 'other';
	for (const item of left) say(isForeign ? 'unheard' : 'truthfulEvents', `${nameOf(hook)} started with ${JSON.stringify(item)}, which ${isForeign ? 'is about another channel' : 'it did not tell'}`);
	if (hook.items?.length === 0) say('heard', `${nameOf(hook)} started an execution without items`);
	return { hook, meanings, started };
}

/** By seeker: the place that it gets, each a different one, so that as many as possible get one that fits. */
function matched(seekers: number, places: number, fits: (seeker: number, place: number) => boolean): Array<number | undefined> {
	const holders: Array<number | undefined> = Array.from({ length: places });
	const all = [...holders.keys()];
	const settle = (seeker: number, refused: Set<number>): boolean => {
		const open = all.filter((place) => !refused.has(place) && fits(seeker, place));
		const free = open.find((place) => holders[place] === undefined);
		for (const place of open) refused.add(place);
		const found = free ?? open.find((place) => settle(holders[place]!, refused));
		if (found !== undefined) holders[found] = seeker;
		return found !== undefined;
	};
	for (let seeker = 0; seeker < seekers; seeker++) settle(seeker, new Set());
	const placeOf = new Map(holders.map((seeker, place) => [seeker, place]));
	return Array.from({ length: seekers }, (_, seeker) => placeOf.get(seeker));
}

/** Fields an item adds to its entry or leaves out. */
function untruthsIn(played: Played, hook: Hook, meaning: Meaning, item: IDataObject): string[] {
	const untruths: string[] = [];
	const expect = (name: string, isRight: boolean, wanted: unknown) => {
		if (!isRight) untruths.push(`${name} is ${JSON.stringify(item[name])}, not ${JSON.stringify(wanted)}`);
	};
	const isOneOf = (name: string, wanted: readonly unknown[]) => expect(name, wanted.includes(item[name]), wanted.length === 1 ? wanted[0] : wanted);
	for (const name of ['rank', 'isFinal', 'text', 'buttonPayload', 'mediaUrl'] as const) if (meaning[name] !== undefined) isOneOf(name, [meaning[name]]);
	for (const name of ['senderName', 'chatId'] as const) if (meaning[name] !== undefined) isOneOf(name, meaning[name]);
	const { phone } = meaning;
	isOneOf('phone', [phone]);
	const { recipient, bsuid, username } = item;
	const tellsOtherNames = bsuid !== undefined || username !== undefined;
	if (tellsOtherNames) for (const name of ['username', 'bsuid'] as const) isOneOf(name, meaning[name]);
	if (phone !== null) {
		isOneOf('contactKey', [keyOf(phone)]);
		// Which of two numbers WhatsApp uses is unspecified; the key tells customers apart.
		expect('recipient', typeof recipient === 'string' && /^\+\d+$/.test(recipient) && keyOf(recipient.slice(1)) === keyOf(phone), `+${phone}`);
	} else if (tellsOtherNames) {
		if (typeof bsuid === 'string') isOneOf('contactKey', [bsuid]);
		isOneOf('recipient', [bsuid ?? (typeof username === 'string' ? `@${username}` : null)]);
	} else {
		for (const name of ['contactKey', 'recipient'] as const) isOneOf(name, [null, ...meaning.bsuid]);
	}
	isOneOf('channelId', [CHANNEL, null]);
	const received = Date.parse(String(item.receivedAt));
	expect('receivedAt', received >= played.epoch + hook.arrivedAt && received <= played.epoch + hook.returnedAt!, 'when it came');
	expect('failure', (item.failure !== null) === (meaning.failureCode !== undefined) || meaning.status === undefined, meaning.failureCode ?? null);
	judgeAsked(played, hook, meaning, item, expect);
	judgeVersion(played, hook, meaning, item, expect);
	if ('error' in item) untruths.push('it has a field error');
	return untruths;
}

/** hookInfo adds `confirmed`, the time, and the failure's code. */
function judgeAsked({ world, channel }: Played, hook: Hook, meaning: Meaning, item: IDataObject, expect: (name: string, isRight: boolean, wanted: unknown) => void): void {
	const { status, messageId } = meaning;
	const isConfirming = parametersOf(world, hook).options.confirmWithApi === true && status !== undefined;
	const known = isConfirming ? world.known.filter(({ message }) => messageIdOf(message) === messageId) : [];
	const times = [meaning.occurredAt ?? item.receivedAt, meaning.occurredAt, ...known.map(({ timestamp }) => new Date(timestamp * 1000).toISOString())];
	expect('occurredAt', times.includes(item.occurredAt as string), times);
	const code = (item.failure as IDataObject | null | undefined)?.code;
	const codes = [meaning.failureCode, ...known.map(({ code: own }) => String(own))];
	if (meaning.failureCode !== undefined && meaning.failureCode !== 'any') expect('failure', codes.includes(String(code)), { code: meaning.failureCode });
	if (!isConfirming) return expect('confirmed', item.confirmed === undefined, undefined);
	const asker = (hook.leader ?? hook).witness;
	const questions = channel.asked.filter(({ witness, operation, messageId: about }) => witness === asker && operation === 'hookInfo' && about === messageId);
	const proves = (told: string) => reportedAs(told) === status || (status !== 'failed' && reportedAs(told) !== 'failed' && rankOf(told) > rankOf(status));
	const isProved = questions.some(({ fault, told = [] }) => (fault === undefined || fault.kind === 'late') && told.some(proves));
	const wasAskedWell = questions.length > 0 && questions.every(({ fault }) => fault === undefined);
	if (isProved && wasAskedWell) expect('confirmed', item.confirmed === true, true);
	else if (!isProved) expect('confirmed', item.confirmed === false, false);
	const wasFaultless = channel.asked.every(({ witness, fault }) => witness !== asker || fault === undefined);
	if (wasFaultless && known.some(({ status: told, isLate }) => !isLate && proves(told))) expect('confirmed', item.confirmed === true, true);
}

/** Version 3 has `raw` on request, and the time of the status under its own name; the versions before always have `raw`, and no other time. */
function judgeVersion({ world }: Played, hook: Hook, { status }: Meaning, item: IDataObject, expect: (name: string, isRight: boolean, wanted: unknown) => void): void {
	const isNew = world.nodes[hook.node]!.typeVersion >= 3;
	const hasRaw = !isNew || parametersOf(world, hook).options.includeRaw === true;
	expect('raw', 'raw' in item === hasRaw, hasRaw ? 'there' : 'left out');
	for (const one of ['sent', 'delivered', 'read', 'failed']) {
		const wanted = isNew && one === status ? (item.occurredAt ?? undefined) : undefined;
		expect(`${one}At`, item[`${one}At`] === wanted && (wanted !== undefined || !(`${one}At` in item)), wanted);
	}
}

function rankOf(word: string): number {
	return ['sent', 'failed', 'delivered', 'read'].indexOf(reportedAs(word));
}

function reportedAs(word: string): string {
	return word === 'viewed' ? 'read' : word;
}

/** Whether each event of a hook should have started an execution, and did. */
function judgeChoice({ world, calls }: Played, heard: Heard, all: readonly Heard[], refused: readonly Heard[], say: Say): void {
	const { hook, meanings, started } = heard;
	const { events, statuses, options, respond } = parametersOf(world, hook);
	// Removing a registration clears its memory.
	const removals = calls.filter(({ method, host, node, mode }) => method === 'delete' && host === hook.host && node === hook.node && mode === hook.mode);
	const isForgotten = (other: Hook) => removals.some(({ from, to }) => from < Math.max(hook.to, other.to) && to > Math.min(hook.from, other.from));
	const sameMemory = all.filter(({ hook: other }) => other !== hook && other.process === hook.process && other.node === hook.node && other.mode === hook.mode && other.from < hook.to);
	const skipsRepeats = options.skipRepeats !== false && respond !== 'whenFinished';
	const skipsLate = options.skipLate !== false;
	/** Whether a selected event must, must not or may start an execution. */
	const mayStart = (position: number): 'yes' | 'no' | 'maybe' => {
		const meaning = meanings[position]!;
		const seen = { repeat: false, mayBeRepeat: false, late: false, mayBeLate: false };
		const note = (other: Meaning, hasStarted: boolean, isSure: boolean) => {
			if (other.messageId !== meaning.messageId || (other.status === undefined) !== (meaning.status === undefined)) return;
			if (other.status === meaning.status && hasStarted) {
				seen.repeat ||= isSure;
				seen.mayBeRepeat = true;
			}
			if (other.rank! > meaning.rank!) {
				seen.late ||= hasStarted && isSure;
				seen.mayBeLate = true;
			}
		};
		for (const [index, other] of meanings.entries()) {
			// The order of the lists in a POST is unspecified.
			if (other.form !== meaning.form) note(other, started[index]!, false);
			else if (index < position) note(other, started[index]!, true);
		}
		// Remembered until it was refused, or for good where repeats start again anyway.
		for (const other of refused) if (other.hook.from < hook.to && (other.hook.to > hook.from || !skipsRepeats)) for (const one of other.meanings) note(one, true, false);
		for (const other of sameMemory) {
			const isSure = other.hook.to < hook.from && !isForgotten(other.hook);
			for (const [index, one] of other.meanings.entries()) note(one, other.started[index]!, isSure);
		}
		if (skipsRepeats && seen.repeat) return 'no';
		// A redelivery after a failed run isn't late.
		if (skipsLate && seen.late && !(respond === 'whenFinished' && seen.mayBeRepeat)) return 'no';
		return (skipsRepeats && seen.mayBeRepeat) || (skipsLate && seen.mayBeLate) ? 'maybe' : 'yes';
	};
	for (const [position, meaning] of meanings.entries()) {
		const isChosen = events.includes(meaning.event) && (meaning.status === undefined || statuses.includes(meaning.status));
		const wanted = isChosen ? mayStart(position) : 'no';
		if (wanted === 'yes' && !started[position]) say('heard', `${nameOf(hook)}: ${describe(meaning)} started nothing`);
		if (wanted === 'no' && started[position]) say('heard', `${nameOf(hook)}: ${describe(meaning)} started an execution${isChosen ? ' again, or after a higher status' : ', though it was not chosen'}`);
		if (!started[position] || !skipsRepeats) continue;
		const isSame = (other: Meaning) => other.messageId === meaning.messageId && other.status === meaning.status;
		const isTwiceHere = meanings.some((other, index) => index > position && started[index] && isSame(other));
		const isTwiceAtOnce = sameMemory.some((other) => other.hook.to >= hook.from && !isForgotten(other.hook) && other.meanings.some((one, index) => other.started[index] && isSame(one)));
		if (isTwiceHere || isTwiceAtOnce) say('heard', `${nameOf(hook)}: ${describe(meaning)} started two executions`);
	}
}

function judgeSecrets({ channel, calls, hooks, log, token, world }: Played, say: Say): void {
	const urls = [...channel.versions.flatMap(({ urls: list }) => list), ...world.urls];
	const secrets = new Set([token, ...urls.flatMap((url) => (URL.canParse(url) ? [...new URL(url).searchParams.values()] : [])).filter((value) => value.length >= 12)]);
	const look = (where: string, text: string) => {
		for (const secret of secrets) if (text.includes(secret)) say('secrets', `${where} holds ${secret === token ? 'the token' : `the secret ${secret}`}: ${text.slice(0, 300)}`);
	};
	for (const line of log) look('a log line', line);
	for (const call of calls) if (call.thrown !== undefined) look(`the error of ${nameOf(call)}`, inspect(call.thrown, { depth: 8 }));
	for (const hook of hooks) {
		if (hook.items !== undefined) look(`an item of ${nameOf(hook)}`, JSON.stringify(hook.items));
		if (hook.thrown !== undefined) look(`the error of ${nameOf(hook)}`, inspect(hook.thrown, { depth: 8 }));
	}
	for (const what of channel.strange) say('secrets', what);
}

function parametersOf({ nodes }: TriggerWorld, { node }: Hook) {
	return nodes[node]!.parameters as { events: string[]; statuses: string[]; respond: string; options: { confirmWithApi?: boolean; includeRaw?: boolean; skipRepeats?: boolean; skipLate?: boolean } };
}

function nameOf({ witness, host, node, mode }: Call | Hook): string {
	return `${witness} (node ${node}, ${mode}, ${host.setup.address})`;
}

function describe({ event, status, messageId }: Meaning): string {
	return `${event}${status === undefined ? '' : ` ${status}`} of ${messageId}`;
}

function secretText({ query }: Hook): string {
	return query.secret === undefined ? 'no secret' : `the secret ${JSON.stringify(query.secret)}`;
}
