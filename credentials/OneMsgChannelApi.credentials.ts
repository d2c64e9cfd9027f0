import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { signRequest } from '../nodes/core/channel/signRequest';

/** Messages shown instead of a bare status code; n8n accepts both kinds of rule in one list, its types only one. */
const RULES = [
	...[
		...[301, 302, 303, 307, 308].map((value) => ({ value, message: 'The Base URL redirects to another address. Enter the address of the API itself: the token is never forwarded.' })),
		{ value: 401, message: 'The token was rejected. Copy the channel ID and token from the 1MSG dashboard again.' },
		{ value: 403, message: 'The service denies access to this channel. Check its subscription in the 1MSG dashboard.' },
		{ value: 404, message: 'The service does not know this channel. Check Channel ID and Base URL.' },
	].map((properties) => ({ type: 'responseCode', properties })),
	...[
		{ value: 'connecting', message: 'The channel is still connecting to WhatsApp. Try again in a minute.' },
		{ value: 'disconnected', message: 'The channel is disconnected from WhatsApp. Connect it in the 1MSG dashboard.' },
		{ value: 'uninitialized', message: 'The channel is not set up yet. Finish setting it up in the 1MSG dashboard.' },
		{ value: 'unregistered', message: "The channel's number is not registered with WhatsApp. Register it in the 1MSG dashboard." },
	].map((properties) => ({ type: 'responseSuccessBody', properties: { key: 'status', ...properties } })),
];

/** A 1MSG channel: ID and token. `{channel}` in a request's URL stands for the channel ID. */
export class OneMsgChannelApi implements ICredentialType {
	name = 'oneMsgChannelApi';

	displayName = '1MSG Channel API';

	icon = { light: 'file:../nodes/oneMsg.svg', dark: 'file:../nodes/oneMsg.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-1msg-stock-arrival/n8n-nodes-1msg-stock-arrival/blob/main/docs/reference.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Channel ID',
			name: 'channelId',
			type: 'string',
			default: '',
			placeholder: 'e.g. ABC123456789',
			description:
				'The channel\'s ID from the 1MSG dashboard. May stay empty if the token includes it.',
		},
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The channel\'s token from the 1MSG dashboard',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.1msg.io',
			description: 'The address of the 1MSG API. Change it for a test channel, your own gateway or the sandbox.',
		},
		{
			displayName: 'Test Recipient',
			name: 'testRecipient',
			type: 'string',
			default: '',
			placeholder: 'e.g. +1 202 555 0100',
			description:
				'A phone that receives every message instead of your customers while you test. Leave it empty to message customers.',
		},
	];

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return signRequest(credentials, requestOptions);
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ String($credentials.baseUrl || "https://api.1msg.io").trim() }}',
			url: '/{channel}/status',
			timeout: 30_000,
		},
		rules: RULES as ICredentialTestRequest['rules'],
	};
}
