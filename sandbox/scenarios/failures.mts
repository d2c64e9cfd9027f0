/** WhatsApp's text for an error code (1msg-api.md section 9). */
export interface FailureWords {
	title: string;
	details: string;
}

const TITLES: Record<number, [title: string, details?: string]> = {
	0: ['AuthException', 'The connection between the channel and WhatsApp is not authorised'],
	1: ['API Unknown'],
	2: ['API Service'],
	3: ['API Method'],
	4: ['API Too Many Calls'],
	10: ['API Permission Denied'],
	33: ['Parameter value is not valid', 'The business phone number has been deleted'],
	100: ['Invalid parameter'],
	190: ['Access token has expired'],
	200: ['API Permission'],
	368: ['Temporarily blocked for policies violations'],
	80007: ['Rate limit issues'],
	130429: ['Rate limit hit', 'Throughput of the channel has been reached'],
	130472: ["User's number is part of an experiment", 'Message was not sent because the number is part of an experiment'],
	130497: ['Business account is restricted from messaging users in this country'],
	131000: ['Something went wrong'],
	131008: ['Required parameter is missing'],
	131009: ['Parameter value is not valid'],
	131016: ['Service unavailable'],
	131021: ['Recipient cannot be sender'],
	131026: ['Message undeliverable', 'The number is not on WhatsApp, or cannot receive this message'],
	131031: ['Account has been locked'],
	131037: ['Display name approval is needed'],
	131042: ['Business eligibility payment issue'],
	131047: ['Re-engagement message', 'More than 24 hours have passed since the customer last wrote'],
	131048: ['Spam rate limit hit', 'Too many earlier messages were blocked or flagged as spam'],
	131049: [
		'This message was not delivered to maintain healthy ecosystem engagement',
		'The customer has received enough marketing messages for now',
	],
	131050: [
		'User has stopped receipt of marketing messages from this business',
		'The customer chose to stop receiving marketing messages on WhatsApp from this business',
	],
	131051: ['Unsupported message type'],
	131052: ['Media download error'],
	131053: ['Media upload error'],
	131056: ['(Business Account, Consumer Account) pair rate limit hit', 'Too many messages to the same customer in a short time'],
	131057: ['Business account is in maintenance mode'],
	131062: ['This message cannot be sent to a business-scoped user ID'],
	132000: ['Number of parameters does not match the expected number of params'],
	132001: ['Template name does not exist in the translation'],
	132005: ['Translated text too long'],
	132007: ['Template format character policy violated'],
	132012: ['Parameter format does not match format in the created template'],
	132015: ['Template is paused'],
	132016: ['Template is disabled'],
	132018: ['There was an issue with the parameters in your template'],
	133010: ['Phone number not registered'],
};

/** Title and details of a code; generic ones if unknown. */
export function failureWords(code: number): FailureWords {
	const [title, details] = TITLES[code] ?? ['Something went wrong'];
	return { title, details: details ?? title };
}
