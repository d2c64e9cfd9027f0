import type { IExecuteFunctions } from 'n8n-workflow';
import QuickLRU from 'quick-lru';
import { settles, type Waiting } from '../../../core/waiting';
import { foundBeforeSending, err, ok, type Problem, type Result } from '../../../core/problem';
import { chooseTemplate } from '../../../core/template/choice';
import type { Template } from '../../../core/template/list';
import type { OpenChannel } from '../../../shared/transport';
import { fetchTemplates } from '../../querying/templates';
import { askPaced, Deadline } from '../../querying/ask';
import { waitingOf } from '../../resources/shared/waiting';
import { Gate } from '../gate';
import type { NamedTemplate } from './namedTemplate';
import type { SendSettings } from '../options/sendSettings';

/** A template and the namespace to send it with. */
export interface Found {
	template: Template;
	namespace: string;
}

/** Items released at once after the list was read: few while items are being sent, more if all are validated before any is sent. */
const BATCH_WHILE_SENDING = 10;
const BATCH_WHILE_VALIDATING = 100;
/** The lists of recent executions, for further runs of a node in them, as in a loop. */
const lists = new QuickLRU<string, Template[]>({ maxSize: 20 });

/** The channel's templates for one run of a node; the list is read lazily, once per execution. */
export class TemplateSource {
	private list: Promise<Result<Template[]>> | undefined;
	private readonly gate: Gate;
	private readonly found = new Map<string, Result<Found>>();
	private readonly end = new Deadline(Infinity);

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly channel: OpenChannel,
	) {
		this.gate = new Gate(context.continueOnFail() ? BATCH_WHILE_SENDING : BATCH_WHILE_VALIDATING);
	}

	/** Finds the named template and its namespace. Gives the problems of `chooseTemplate`, or `namespace-missing`. */
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

	/** Stops all requests. */
	stop(): void {
		this.end.end();
	}

	private async read({ timeout, retryFor }: SendSettings): Promise<Result<Template[]>> {
		const key = `${this.context.getExecutionId()}|${this.channel.root}`;
		const kept = lists.get(key);
		if (kept) return ok(kept);
		const ask = async () => await fetchTemplates(this.channel, timeout, async (request) => await askPaced(this.context, this.channel, request, { retryFor, deadline: this.end }));
		const list = await joinOrRead(this.channel, ask, waitingOf(this.context));
		if (list.ok) lists.set(key, list.value);
		return list;
	}
}

/** Pending reads by channel: a thousand concurrent events need one list. */
const pendingReads = new Map<string, Promise<Result<Template[]>>>();

/** Joins a pending read or starts one; if another execution's read fails, this one reads itself. */
async function joinOrRead({ root, apiToken }: OpenChannel, read: () => Promise<Result<Template[]>>, waiting: Waiting): Promise<Result<Template[]>> {
	const key = `${root}|${apiToken}`;
	const pending = pendingReads.get(key);
	if (pending && (await settles(pending, waiting))) {
		const list = await pending;
		if (list.ok) return list;
	}
	const own = read();
	pendingReads.set(key, own);
	try {
		return await own;
	} finally {
		if (pendingReads.get(key) === own) pendingReads.delete(key);
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
		message: `The channel's list has no namespace for the template "${template.name}"`,
		description: 'Copy the namespace from the 1MSG dashboard into the Namespace option.',
		action: 'fixTemplate',
	});
}
