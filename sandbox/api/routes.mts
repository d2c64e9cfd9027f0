import { type Answer, json } from '../http/answer.mts';
import { changeSettings, showSettings } from './settings.mts';
import { block, blockedUsers } from './blocked-users.mts';
import { changeProfile, channelStatus, mmLiteStatus } from './channel.mts';
import { deleteMedia, retrieveMedia, uploadMedia } from './media.mts';
import { addTemplate, removeTemplate } from './add-template.mts';
import { setWebhooks, showWebhooks } from './webhook.mts';
import { history } from './messages.mts';
import { hookInfo } from './hook-info.mts';
import { addressedKey } from '../validation/recipient.mts';
import { textOf } from '../json.mts';
import type { ChannelRequest } from '../http/request.mts';
import { play, type Ways } from '../scenarios/scripted-answers.mts';
import { sendMessage, sendTemplate } from './send.mts';
import { templateList } from './templates.mts';
import type { World } from '../state/world.mts';

type Handler = (request: ChannelRequest, world: World) => Answer;

const HANDLERS: Record<string, Handler> = {
	'GET status': (_, world) => channelStatus(world),
	'GET mmLiteStatus': (_, world) => mmLiteStatus(world),
	'GET me': (_, { profile }) => json(200, profile),
	'POST me': ({ body }, world) => changeProfile(body, world),
	'GET outputIP': () => json(200, { result: '127.0.0.1' }),
	'GET webhook': (_, { webhooks, settings }) => showWebhooks(webhooks, settings),
	'POST webhook': ({ body }, { webhooks, settings }) => setWebhooks(webhooks, settings, body),
	'GET settings': (_, { channel, webhooks }) => showSettings(channel, webhooks),
	'POST settings': ({ body }, { channel, webhooks, settings }) => changeSettings(channel, webhooks, settings, body),
	'GET templates': ({ query }, { templates, settings }) => templateList(templates.rows, query, settings),
	'POST addTemplate': ({ body }, { templates, settings }) => addTemplate(templates, settings, body),
	'POST removeTemplate': ({ body }, { templates }) => removeTemplate(templates, body),
	'GET hookInfo': ({ query }, world) => hookInfo(query, world),
	'GET messages': ({ query }, world) => history(query, world),
	'POST uploadMedia': ({ body }, world) => uploadMedia(body, world),
	'GET retrieveMedia': ({ query }, world) => retrieveMedia(query, world),
	'POST deleteMedia': ({ body }, world) => deleteMedia(textOf(body.mediaId) ?? '', world),
	'DELETE media': ({ path }, world) => deleteMedia(path.slice('media/'.length), world),
	'POST blockUser': ({ body }, world) => block(body, world, true),
	'POST unblockUser': ({ body }, world) => block(body, world, false),
	'GET blockedUsers': (_, world) => blockedUsers(world),
	'POST readMessage': ({ body }) =>
		body.messageId || body.msgId ? json(200, { result: 'success' }) : json(400, { error: 'messageId is required' }),
};

const SENDS: Record<string, typeof sendTemplate> = {
	'POST sendTemplate': sendTemplate,
	'POST sendMessage': sendMessage,
};

/** Answers one call to the channel: token check, scripts, then the path's handler. */
export function answerChannel(request: ChannelRequest, world: World): Answer {
	const { method, path, channelId, body } = request;
	if (channelId !== world.channelId) return json(404, { message: `Channel ${channelId} not found` });
	if (request.token !== world.token) return json(401, { error: wrongToken(request) });
	const ways = waysOf(request, world);
	const scripted = world.scripts.take(path, method, addressedKey(body, world.customers));
	if (scripted) return play(scripted, ways);
	return request.malformed ? json(400, { error: 'Wrong request: the body is not valid JSON' }) : ways.usual();
}

function waysOf(request: ChannelRequest, world: World): Ways {
	const name = `${request.method} ${request.path}`;
	const send = SENDS[name];
	if (send) return send(request.body, world);
	// DELETE /media/{mediaId} is the only path with a variable part.
	const handler = HANDLERS[name] ?? (name.startsWith('DELETE media/') ? HANDLERS['DELETE media'] : undefined);
	const answer = () => (handler ? handler(request, world) : json(404, { message: `Method ${name} not found` }));
	return { usual: answer, accept: answer };
}

// Echoes the token as the service does, so clients have to mask it.
function wrongToken({ token, channelId }: ChannelRequest): string {
	return `Wrong token "${token}" for channel "${channelId}". Please provide token as a GET parameter.`;
}
