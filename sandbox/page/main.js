/* global document, EventSource, history, window */
import { read } from './api.js';
import { setUpChannel, showChannel } from './channel.js';
import { openChat, setUpChat, showChat } from './chat.js';
import { setUpControls, showControls } from './controls.js';
import { byId } from './dom.js';
import { loadFailures } from './failures.js';
import { setUpIdentity } from './identity.js';
import { notify } from './notice.js';
import { setUpPhones, showPhones } from './phones.js';
import { setUpShop, showShop } from './shop.js';

/** Current view: a customer's phone (or none), or the channel. */
let route = { view: 'phones', phone: '' };
let isShowing = false;
let isStale = false;

/** Refreshes the current view; changes meanwhile trigger one more refresh. */
async function show() {
	isStale = true;
	if (isShowing) return;
	isShowing = true;
	try {
		while (isStale) {
			isStale = false;
			await (route.view === 'channel' ? showChannel() : showPhone());
		}
	} catch (error) {
		notify(error.message, true);
	} finally {
		isShowing = false;
	}
}

async function showPhone() {
	const { phone } = route;
	const [{ lastSecond, only }] = await Promise.all([showPhones(phone), showChat()]);
	showShop(await showControls(phone, lastSecond));
	// Only until the reader goes somewhere: the way back to the list stays open.
	if (only === undefined || document.location.hash !== '') return;
	history.replaceState(null, '', `#/${encodeURIComponent(only)}`);
	go(true);
}

function go(isFirst) {
	const { hash } = document.location;
	// Ignores the skip link's target.
	if (hash !== '' && !hash.startsWith('#/')) return;
	const name = decodeURIComponent(hash.slice(2));
	route = name === 'channel' ? { view: 'channel', phone: '' } : { view: 'phones', phone: name };
	const isChannel = route.view === 'channel';
	byId('phones').hidden = isChannel;
	byId('channel').hidden = !isChannel;
	byId('controls-toggle').hidden = isChannel;
	byId('phones').classList.toggle('with-chat', route.phone !== '');
	for (const [id, isHere] of [['to-phones', !isChannel], ['to-channel', isChannel]]) {
		if (isHere) byId(id).setAttribute('aria-current', 'page');
		else byId(id).removeAttribute('aria-current');
	}
	openChat(route.phone);
	if (!isFirst) byId(isChannel ? 'facts-title' : route.phone === '' ? 'main' : 'chat-title').focus();
	void show();
}

function listen() {
	const connection = byId('connection');
	const events = new EventSource('/_sandbox/events');
	const say = (word) => {
		connection.textContent = word;
		connection.dataset.state = word;
	};
	events.addEventListener('open', () => say('live'));
	events.addEventListener('error', () => say('reconnecting'));
	events.addEventListener('change', () => void show());
}

const facts = await read('');
byId('channel-id').textContent = facts.channelId;
await loadFailures();
setUpPhones(facts, () => void show());
setUpChat(() => void show());
setUpIdentity();
setUpShop();
setUpControls();
setUpChannel(facts, () => void show());
window.addEventListener('hashchange', () => go(false));
go(true);
listen();
