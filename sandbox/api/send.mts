import { type Answer, json } from '../http/answer.mts';
import type { JsonObject } from '../json.mts';
import { magicAnswer } from '../scenarios/magic-phones.mts';
import { newMessageId } from '../state/message-id.mts';
import type { Message, NewMessage } from '../state/messages.mts';
import { addressedKey } from '../validation/recipient.mts';
import { PlainRefusal, Refusal, refusalAnswer, refusalBody } from '../validation/refusal.mts';
import { play, type Ways } from '../scenarios/scripted-answers.mts';
import { readTextSend } from './send-message.mts';
import { readTemplateSend } from './send-template.mts';
import type { WantedStatus } from '../scenarios/status-plan.mts';
import type { World } from '../state/world.mts';

type Read = (body: JsonObject, world: World) => NewMessage | Answer;

/** POST /sendTemplate. */
export function sendTemplate(body: JsonObject, world: World): Ways {
	return sending(body, world, readTemplateSend);
}

/** POST /sendMessage. */
export function sendMessage(body: JsonObject, world: World): Ways {
	return sending(body, world, readTextSend);
}

/** Accepts a message and starts its delivery. */
export function accept(message: NewMessage, world: World, statuses?: readonly WantedStatus[]): Message {
	const stored = world.messages.add(message, newMessageId(world.customers.namesIn(message).phone ?? message.chatId), Date.now());
	world.deliveries.start(stored, statuses);
	if (world.settings.echoHooks) world.hooks.message(stored);
	return stored;
}

function sending(body: JsonObject, world: World, read: Read): Ways {
	const acceptIt: Ways['accept'] = (statuses) => acceptOrRefuse(body, world, read, statuses);
	return { accept: acceptIt, usual: (statuses) => refusedEarly(world) ?? known(body, world, acceptIt, statuses) };
}

function known(body: JsonObject, world: World, acceptIt: Ways['accept'], statuses?: readonly WantedStatus[]): Answer {
	const magic = magicAnswer(addressedKey(body, world.customers));
	if (!magic) return acceptIt(statuses);
	const answer = play({ ...magic, statuses: statuses ? [...statuses] : magic.statuses }, { usual: acceptIt, accept: acceptIt });
	if (answer.status === 429) world.counts.refusedForRate += 1;
	return answer;
}

function acceptOrRefuse(body: JsonObject, world: World, read: Read, statuses?: readonly WantedStatus[]): Answer {
	try {
		const message = read(body, world);
		if ('status' in message) return message;
		const { id, chatId, mmLite } = accept(message, world, statuses);
		const fallback = mmLite === 'fallback' && { mmLiteFallback: true };
		return json(200, { sent: true, id, message: `Sent to ${chatId}`, description: 'Message has been sent to the provider', ...fallback });
	} catch (error) {
		if (error instanceof PlainRefusal) return json(400, { sent: false, message: error.message });
		if (error instanceof Refusal) return refusalAnswer(error, world.settings);
		throw error;
	}
}

function refusedEarly({ settings, counts, random, rateLimit }: World): Answer | undefined {
	if (!rateLimit.take(settings.messagesPerSecond, Date.now())) {
		counts.refusedForRate += 1;
		if (settings.rateLimitStyle === 'body') return json(200, refusalBody(new Refusal(130429, 'Too many requests')));
		const headers: Record<string, string> = settings.rateLimitRetryAfter === null ? {} : { 'retry-after': settings.rateLimitRetryAfter };
		const delayMs = settings.throttledLatencyMs === null ? 0 : settings.throttledLatencyMs - settings.latencyMs;
		return { status: 429, headers, body: { error: 'Too many requests' }, delayMs };
	}
	if (settings.serverErrorShare > 0 && random.next(settings.serverErrorSeed) < settings.serverErrorShare) {
		counts.serverErrors += 1;
		return json(500, { error: 'Internal server error' });
	}
	return undefined;
}
