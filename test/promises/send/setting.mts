/** Constant across worlds: the channel's name, token and template. */
import type { ChannelTemplate } from '../channel.mts';

export const CHANNEL_ID = 'ABC123456789';
export const ORIGIN = 'https://api.1msg.io';
/** Some faults echo it, like the service's own 401. */
export const TOKEN = 'token-of-the-world';

export const TEMPLATE: ChannelTemplate = {
	name: 'stock_arrival',
	language: 'en',
	status: 'approved',
	namespace: 'ns-1',
	body: 'Hello, {{1}}! For order #{{2}}, item "{{3}}" is now in stock. {{4}}.',
	buttons: [{ type: 'URL', text: 'Confirm shipment', url: 'https://shop.example/confirm' }],
};

/** Default seconds of a node's options (interface.md, "options"). */
export const DEFAULT_TIMEOUT = 30;
export const DEFAULT_RETRY_FOR = 300;
export const DEFAULT_WAIT = 60;
