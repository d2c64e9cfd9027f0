import { act, read } from './api.js';
import { byId, setText, showItems } from './dom.js';
import { face } from './face.js';
import { messageItem } from './message.js';
import { announce } from './notice.js';
import { openIdentity } from './identity.js';
import { count, customerWords, phoneWords, STATE_WORDS, timeWords, who } from './words.js';

const PAGE = 50;
const NEAR_PX = 80;

let open = '';
let limit = PAGE;
let quoted = null;
/** The customer of the open chat, once read. */
let customer = null;
/** What was last announced, by message ID. */
let shown = null;

/** Sets up the chat; `changed()` triggers a refresh. */
export function setUpChat(changed) {
	byId('composer').addEventListener('submit', (event) => {
		event.preventDefault();
		void send();
	});
	byId('answer').addEventListener('keydown', (event) => {
		if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		void send();
	});
	byId('quote-off').addEventListener('click', () => quote(null));
	byId('mark-read').addEventListener('click', () => {
		void act('POST', `chats/${encodeURIComponent(open)}/read`, {}, (answer) => `${count(answer.read, 'message')} read`);
	});
	byId('identity-open').addEventListener('click', () => customer && openIdentity(customer));
	byId('earlier').addEventListener('click', () => {
		limit += PAGE * 4;
		changed();
	});
}

/** Opens a customer's chat, or none (''). */
export function openChat(phone) {
	if (phone === open) return;
	open = phone;
	limit = PAGE;
	shown = null;
	customer = null;
	quote(null);
	byId('answer').value = '';
	byId('messages').replaceChildren();
	byId('no-chat').hidden = phone !== '';
	byId('open-chat').hidden = phone === '';
	setText(byId('chat-title'), phoneWords(phone));
	byId('chat-face').replaceChildren(...face(phone).childNodes);
	byId('chat-face').className = face(phone).className;
}

/** Refreshes the open chat. */
export async function showChat() {
	const phone = open;
	if (phone === '') return;
	const chat = await read(`chats/${encodeURIComponent(phone)}`, { limit });
	if (phone !== open) return;
	const wall = byId('wall');
	const isNear = shown === null || wall.scrollHeight - wall.scrollTop - wall.clientHeight < NEAR_PX;
	const textOf = new Map(chat.messages.map(({ id, text }) => [id, text]));
	const quotedBy = ({ quotedMessageId }) => (quotedMessageId === null ? null : (textOf.get(quotedMessageId) ?? 'An earlier message'));
	const items = chat.messages.map((message) => ({ message, quoted: quotedBy(message) }));
	showItems(byId('messages'), items, ({ message }) => message.id, (item) => messageItem(item, quote));
	byId('earlier').hidden = chat.total <= chat.messages.length;
	customer = chat.customer;
	byId('identity-open').disabled = customer === null;
	setText(byId('chat-title'), customer ? customerWords(customer) : phoneWords(phone));
	setText(byId('chat-window'), [customer && identityWords(customer), windowWords(chat.windowOpenUntil)].filter(Boolean).join('; '));
	byId('mark-read').disabled = !chat.messages.some(({ state }) => state === 'delivered');
	if (isNear) wall.scrollTop = wall.scrollHeight;
	tellNews(chat.messages);
}

function identityWords({ phone, username, hidesPhone }) {
	if (!hidesPhone) return username === null ? '' : `@${username}`;
	return phone === null ? 'phone unknown' : `${phoneWords(phone)}, hidden from the shop`;
}

function windowWords(until) {
	return until !== null && new Date(until) > new Date() ? `free text until ${timeWords(until)}` : 'templates only, until this customer writes';
}

function tellNews(messages) {
	const before = shown;
	shown = new Map(messages.map((message) => [message.id, newsOf(message)]));
	if (!before) return;
	const news = messages.filter((message) => message.direction === 'out' && before.get(message.id) !== newsOf(message)).at(-1);
	if (!news) return;
	if (!before.has(news.id)) return announce(`New message: ${news.text}`);
	const failure = news.failure ?? news.lateFailure;
	announce(failure ? `Failed: ${failure.title}` : `${STATE_WORDS[news.state]}: ${news.text}`);
}

/** What is announced of a message when it changes. */
function newsOf({ state, lateFailure }) {
	return lateFailure ? 'failed late' : state;
}

async function send() {
	const text = byId('answer').value.trim();
	if (text === '') return;
	const sent = await act('POST', 'inbound', { ...who(open), text, ...(quoted && { quotedMessageId: quoted.id }) });
	if (!sent) return;
	byId('answer').value = '';
	quote(null);
}

function quote(message) {
	quoted = message;
	byId('quote').hidden = message === null;
	setText(byId('quote-text'), message?.text ?? '');
	if (message) byId('answer').focus();
}
