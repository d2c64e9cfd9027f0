import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { parseJson } from '../../../core/foreign';
import { judgeSend } from '../../../core/outcome';
import { readPhone } from '../../../core/phone';
import { foundBeforeSending, no, ok, type Result } from '../../../core/problem';
import { redact, redactDeep } from '../../../core/redact';
import { sendTemplateBody, type TemplateSend } from '../../../core/sendTemplateRequest';
import {
	misfitProblem,
	misfits,
	readStockArrivalValues,
	stockArrivalParams,
	stockArrivalText,
	type StockArrivalValues,
} from '../../../core/stockArrival';
import { chooseTemplate, readTemplateName } from '../../../core/templateChoice';
import type { Template } from '../../../core/templateList';
import { ask, openChannel, type OpenChannel } from '../../../transport';
import { runItems } from '../../items';
import { failAll } from '../../report';
import { checkOptIn, readConcurrency, readOptions, readTimeout, readTimeToLive } from '../../settings';
import { fetchTemplates } from '../../templates';
import { phoneField, stockArrivalFields, templateField } from './fields';
import { optionsField } from './options';

const showOnlyForSendStockArrivalTemplate = {
	resource: ['message'],
	operation: ['sendStockArrivalTemplate'],
};

export const description: INodeProperties[] = [
	templateField,
	phoneField,
	...stockArrivalFields,
	optionsField([
		'defaultCountry',
		'dryRun',
		'languageCode',
		'maxConcurrency',
		'namespace',
		'optedIn',
		'simplify',
		'timeout',
		'timeToLive',
	]),
].map((property) => ({ ...property, displayOptions: { show: showOnlyForSendStockArrivalTemplate } }));

/** One item, checked and ready: everything its send needs and everything its output tells. */
interface Arrival {
	send: TemplateSend;
	/** The message as the customer reads it; null where the template's text was not read. */
	text: string | null;
	orderReference: string;
	redirectedFrom: string | null;
	/** Names this message for `sendOnce`: the same template, recipient and values give the same key. */
	key: string;
	/** Whether the template was compared with the four values. */
	fitChecked: boolean;
	dryRun: boolean;
	simplify: boolean;
	/** Milliseconds. */
	timeout: number;
}

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const channel = await openChannel(context);
	if (!channel.ok) return failAll(context, channel.problem);
	let list: Promise<Result<Template[]>> | undefined;
	const templates = async (timeout: number) => await (list ??= fetchTemplates(context, channel.value, timeout));
	return await runItems<Arrival>(context, {
		prepare: async (itemIndex) => await prepare(context, itemIndex, channel.value, templates),
		act: async (arrival) => await send(context, channel.value, arrival),
		concurrency: readConcurrency(context),
		laneOf: (arrival) => arrival.send.phone,
	});
}

async function prepare(
	context: IExecuteFunctions,
	itemIndex: number,
	channel: OpenChannel,
	templates: (timeout: number) => Promise<Result<Template[]>>,
): Promise<Result<Arrival>> {
	const options = readOptions(context, itemIndex);
	const optIn = checkOptIn(options);
	if (!optIn.ok) return optIn;
	const customer = readPhone(context.getNodeParameter('phone', itemIndex), options.defaultCountry);
	if (!customer.ok) return customer;
	const recipient = redirect(customer.value, channel);
	if (!recipient.ok) return recipient;
	const values = readStockArrivalValues({
		customerName: context.getNodeParameter('customerName', itemIndex),
		orderReference: context.getNodeParameter('orderReference', itemIndex),
		productName: context.getNodeParameter('productName', itemIndex),
		nextStep: context.getNodeParameter('nextStep', itemIndex),
	});
	if (!values.ok) return values;
	const timeout = readTimeout(options);
	if (!timeout.ok) return timeout;
	const timeToLive = readTimeToLive(options);
	if (!timeToLive.ok) return timeToLive;
	const template = await resolveTemplate(context, itemIndex, options, async () => await templates(timeout.value));
	if (!template.ok) return template;
	const text = template.value.definition ? stockArrivalText(template.value.definition, values.value) : ok(null);
	if (!text.ok) return text;
	return ok({
		send: {
			phone: recipient.value,
			template: template.value.name,
			namespace: template.value.namespace,
			languageCode: template.value.language,
			params: stockArrivalParams(values.value),
			timeToLive: timeToLive.value,
		},
		text: text.value,
		orderReference: values.value[1],
		redirectedFrom: recipient.value === customer.value ? null : customer.value,
		key: keyOf(template.value.name, template.value.language, customer.value, values.value),
		fitChecked: template.value.definition !== null,
		dryRun: options.dryRun === true,
		simplify: options.simplify !== false,
		timeout: timeout.value,
	});
}

function redirect(customer: string, channel: OpenChannel): Result<string> {
	if (channel.testRecipient === '') return ok(customer);
	const test = readPhone(channel.testRecipient);
	if (test.ok) return test;
	return no({ ...test.problem, message: `The credential's Test Recipient cannot be used: ${test.problem.message}` });
}

interface ResolvedTemplate {
	name: string;
	language: string;
	namespace: string;
	/** Null where the list was not read, because name, language and namespace were all given. */
	definition: Template | null;
}

async function resolveTemplate(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	templates: () => Promise<Result<Template[]>>,
): Promise<Result<ResolvedTemplate>> {
	const locator = context.getNodeParameter('template', itemIndex) as { mode?: unknown; value?: unknown } | string;
	const given = typeof locator === 'object' && locator !== null ? locator : { mode: 'name', value: locator };
	const wanted = readTemplateName(given.value, options.languageCode);
	if (!wanted.ok) return wanted;
	const namespace = typeof options.namespace === 'string' ? options.namespace.trim() : '';
	const languageGiven = typeof options.languageCode === 'string' && options.languageCode.trim() !== '';
	if (namespace !== '' && languageGiven && given.mode !== 'list') {
		return ok({ ...wanted.value, namespace, definition: null });
	}
	const list = await templates();
	if (!list.ok) return list;
	const chosen = chooseTemplate(list.value, wanted.value, namespace);
	if (!chosen.ok) return chosen;
	const differences = misfits(chosen.value);
	if (differences.length > 0) return no(misfitProblem(chosen.value, differences));
	if (namespace === '' && chosen.value.namespace === '') return no(namespaceMissing(chosen.value));
	return ok({
		name: chosen.value.name,
		language: chosen.value.language,
		namespace: namespace || chosen.value.namespace,
		definition: chosen.value,
	});
}

function namespaceMissing(template: Template) {
	return foundBeforeSending({
		code: 'namespace-missing',
		message: `The channel's list names no namespace for the template "${template.name}"`,
		description: 'Copy the namespace from the 1MSG dashboard into the Namespace option.',
		action: 'fixTemplate',
	});
}

function keyOf(template: string, language: string, phone: string, values: StockArrivalValues): string {
	const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
	return `${template}|${language}|${phone}|${hash}`;
}

async function send(context: IExecuteFunctions, channel: OpenChannel, arrival: Arrival): Promise<Result<IDataObject>> {
	const about = {
		phone: arrival.send.phone,
		orderReference: arrival.orderReference,
		template: arrival.send.template,
		language: arrival.send.languageCode,
		text: arrival.text,
		...(arrival.redirectedFrom === null ? {} : { redirectedFrom: arrival.redirectedFrom }),
	};
	if (arrival.dryRun) {
		const { key, fitChecked } = arrival;
		return ok({ outcome: 'rehearsed', messageId: null, ...about, fit: fitChecked ? 'fits' : 'notChecked', key });
	}
	const answer = await ask(context, channel, {
		method: 'POST',
		path: '/sendTemplate',
		body: sendTemplateBody(arrival.send),
		timeout: arrival.timeout,
	});
	const now = Date.now();
	const outcome = judgeSend(answer, now, channel.secrets);
	if (outcome.outcome === 'refused') return no(outcome.problem);
	const settled: IDataObject = {
		outcome: outcome.outcome,
		messageId: outcome.outcome === 'accepted' ? outcome.messageId : null,
		...about,
		sentAt: new Date(now).toISOString(),
	};
	if (outcome.outcome === 'queued') settled.jobId = outcome.jobId;
	if (outcome.outcome === 'unknown') settled.reason = outcome.reason;
	if (!arrival.simplify) settled.response = rawAnswer(answer.kind === 'answer' ? answer.text : null, channel.secrets);
	return ok(settled);
}

/** The service's own answer, parsed where it is JSON, null where none came. */
function rawAnswer(text: string | null, secrets: readonly string[]): IDataObject[string] {
	if (text === null) return null;
	const json = parseJson(text);
	return (json === undefined ? redact(text, secrets) : redactDeep(json, secrets)) as IDataObject[string];
}
