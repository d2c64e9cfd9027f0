/** What is the same in all worlds: the channel's name, its token, its template. */
import type { ChannelTemplate } from '../channel.mts';

export const CHANNEL_ID = 'ABC123456789';
export const ORIGIN = 'https://api.1msg.io';
/** The text of some faults shows it, as the service's own 401 does. */
export const TOKEN = 'token-of-the-world';

export const TEMPLATE: ChannelTemplate = {
	name: 'stock_arrival',
	language: 'en',
	status: 'approved',
	namespace: 'ns-1',
	body: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.',
	buttons: [{ type: 'URL', text: 'Confirm shipment', url: 'https://shop.example/confirm' }],
};

/** Seconds, where a node's options say nothing (interface.md, "options"). */
export const DEFAULT_TIMEOUT = 30;
export const DEFAULT_RETRY_FOR = 300;
export const DEFAULT_WAIT = 60;
