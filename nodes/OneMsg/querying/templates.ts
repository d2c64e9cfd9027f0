import { askingProblem, type Answer } from '../../core/outcome/outcome';
import { err, ok, type Problem, type Result } from '../../core/problem';
import { quote } from '../../core/redact';
import { joinTemplates, readTemplatePage, type Template } from '../../core/template/list';
import type { ChannelRequest, OpenChannel } from '../../shared/transport';

/** Requests a page: once in the editor, with retries in an execution. */
export type Asker = (request: ChannelRequest) => Promise<Answer>;

const PAGE_SIZE = 100;
const MAX_PAGES = 100;

/** All templates of the channel, in all states; stops at a page that adds nothing, because some channels ignore `offset`. */
export async function fetchTemplates(channel: OpenChannel, timeout: number, ask: Asker): Promise<Result<Template[]>> {
	const pages: Template[][] = [];
	let joined: Template[] = [];
	for (let page = 0; page < MAX_PAGES; page++) {
		const query = { limit: PAGE_SIZE, offset: page * PAGE_SIZE, sort: 'name' };
		const answer = await ask({ method: 'GET', path: '/templates', query, timeout });
		const problem = askingProblem(answer, Date.now(), channel.secrets);
		if (problem) return err(problem);
		const text = answer.kind === 'answer' ? answer.text : '';
		const { templates, total, said, isList } = readTemplatePage(text);
		if (!isList) return err(noList(said.texts.join('. ') || text, channel.secrets));
		pages.push(templates);
		const known = joined.length;
		joined = joinTemplates(pages);
		if (templates.length < PAGE_SIZE || joined.length === known || (total !== null && joined.length >= total)) break;
	}
	return ok(joined);
}

function noList(said: string, secrets: readonly string[]): Problem {
	const words = quote(said, secrets);
	return {
		code: 'templates-unavailable',
		message: `The channel's templates could not be read${words === '' ? '' : `: ${words}`}`,
		description: 'Try again later. To send without the list, give name, language code and namespace.',
		action: 'retryLater',
		retryAfter: 60,
		httpCode: 200,
		saidBy: 'service',
	};
}
