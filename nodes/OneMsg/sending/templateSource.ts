import type { IExecuteFunctions } from 'n8n-workflow';
import QuickLRU from 'quick-lru';
import type { Waiting } from '../../core/pacing/waiting';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../../core/problem';
import { chooseTemplate } from '../../core/template/choice';
import type { Template } from '../../core/template/list';
import type { OpenChannel } from '../../shared/transport';
import { fetchTemplates } from '../querying/templates';
import { askPaced, Deadline } from '../querying/ask';
import { waitingOf } from '../resources/shared/waiting';
import { Gate } from './gate';
import type { NamedTemplate } from './namedTemplate';
import type { SendSettings } from './sendSettings';

/** A template of the channel and the namespace to send it with. */
export interface Found {
	template: Template;
	namespace: string;
}

/** Items that go on at once when the list is there: few where they are sent meanwhile, more where all are checked before any is sent. */
const GO_ON_AT_ONCE = 10;
const CHECKED_AT_ONCE = 100;
/** The lists of the latest executions, for the next run of a node in them, as in a loop. */
const lists = new QuickLRU<string, Template[]>({ maxSize: 20 });

/** The channel's templates for one run of a node: the list is read when first asked for, and once per execution. */
export class TemplateSource {
	private list: Promise<Result<Template[]>> | undefined;
	private readonly gate: Gate;
	private readonly found = new Map<string, Result<Found>>();
	private readonly end = new Deadline(Infinity);

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly channel: OpenChannel,
	) {
		this.gate = new Gate(context.continueOnFail() ? GO_ON_AT_ONCE : CHECKED_AT_ONCE);
	}

	/** Finds the named template, with its namespace. Gives what `chooseTemplate` gives, or `namespace-missing`. */
	async find(named: NamedTemplate, settings: SendSettings): Promise<Result<Found>> {
		this.list ??= this.read(settings).finally(() => this.gate.open());
		await this.gate.enter();
		const list = await this.list;
		if (!list.ok) return list;
		const key = [named.wanted.name, named.wanted.language, named.namespace].join('|');
		const known = this.found.get(key) ?? pick(list.value, named);
		this.found.set(key, known);
		return known;
	}

	/** Nothing is asked any more. */
	stop(): void {
		this.end.end();
	}

	private async read({ timeout, retryFor }: SendSettings): Promise<Result<Template[]>> {
		const name = `${this.context.getExecutionId()}|${this.channel.root}`;
		const kept = lists.get(name);
		if (kept) return ok(kept);
		const ask = async () => await fetchTemplates(this.channel, timeout, async (request) => await askPaced(this.context, this.channel, request, { retryFor, deadline: this.end }));
		const list = await shared(this.channel, ask, waitingOf(this.context));
		if (list.ok) lists.set(name, list.value);
		return list;
	}
}

/** Milliseconds after which whoever joined a reading asks whether the execution was cancelled. */
const SLICE = 250;

/** Readings under way, by channel: a thousand events at once need one list. */
const underWay = new Map<string, Promise<Result<Template[]>>>();

/** Joins a reading under way, else starts one; what another execution could not read is read by this one itself. */
async function shared({ root, apiToken }: OpenChannel, read: () => Promise<Result<Template[]>>, waiting: Waiting): Promise<Result<Template[]>> {
	const name = `${root}|${apiToken}`;
	const others = underWay.get(name);
	if (others) {
		let list: Result<Template[]> | undefined;
		// Who is cancelled waits for nobody else's reading.
		while (!list && !waiting.isCancelled()) list = await Promise.race([others, waiting.sleep(SLICE).then(() => undefined)]);
		if (list?.ok) return list;
	}
	const mine = read();
	underWay.set(name, mine);
	try {
		return await mine;
	} finally {
		if (underWay.get(name) === mine) underWay.delete(name);
	}
}

function pick(templates: readonly Template[], { wanted, namespace }: NamedTemplate): Result<Found> {
	const chosen = chooseTemplate(templates, wanted, namespace);
	if (!chosen.ok) return chosen;
	const known = namespace || chosen.value.namespace;
	return known === '' ? err(namespaceMissing(chosen.value)) : ok({ template: chosen.value, namespace: known });
}

function namespaceMissing(template: Template): Problem {
	return foundBeforeSending({
		code: 'namespace-missing',
		message: `The channel's list names no namespace for the template "${template.name}"`,
		description: 'Copy the namespace from the 1MSG dashboard into the Namespace option.',
		action: 'fixTemplate',
	});
}
