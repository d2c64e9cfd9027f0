/** A real 1MSG channel used instead of the sandbox, and the only phone the demo may message. */
export interface RealChannel {
	channelId: string;
	apiToken: string;
	phone: string;
	/** `name` or `name|languageCode`. */
	template: string;
	baseUrl: string;
}

const NEEDED = ['ONEMSG_CHANNEL_ID', 'ONEMSG_API_TOKEN', 'ONEMSG_PHONE', 'ONEMSG_TEMPLATE'] as const;

/** The channel from environment variables; undefined if none are set. Throws, naming the missing ones, if only some are. */
export function realChannel(env: NodeJS.ProcessEnv): RealChannel | undefined {
	const value = (name: string) => env[name]?.trim() ?? '';
	const missing = NEEDED.filter((name) => value(name) === '');
	if (missing.length === NEEDED.length) return undefined;
	if (missing.length > 0) {
		const set = NEEDED.filter((name) => value(name) !== '');
		throw new Error(
			`To use a real channel, set ${missing.join(', ')} too (${set.join(', ')} ${set.length > 1 ? 'are' : 'is'} set). ` +
				'To use the sandbox, set none of them. Nothing was started and nothing was sent.',
		);
	}
	return {
		channelId: value('ONEMSG_CHANNEL_ID'),
		apiToken: value('ONEMSG_API_TOKEN'),
		phone: value('ONEMSG_PHONE'),
		template: value('ONEMSG_TEMPLATE'),
		baseUrl: value('ONEMSG_BASE_URL') || 'https://api.1msg.io',
	};
}
