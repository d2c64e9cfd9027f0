import type { Action } from '../problem';

/** A failure that WhatsApp or 1MSG reports (1msg-api.md, section 9). */
export interface FailureRow {
	/** WhatsApp's code, or ours in kebab-case if 1MSG gives none. */
	code: string;
	/** WhatsApp's name for it. */
	title: string;
	/** The usual cause for a stock-arrival message. */
	cause: string;
	/** What to do, in one or two sentences. */
	advice: string;
	action: Action;
	/** Seconds to wait before a retry; null unless `action` is `retryLater`. */
	retryAfter: number | null;
	/** Lower-case phrases that identify it if no code is given. */
	texts: string[];
	/** No other message can succeed until someone acts: the rest of a batch is not attempted. */
	stops?: 'channel' | 'template';
}

const HOUR = 3600;

export const FAILURES: readonly FailureRow[] = [
	{ code: '131026', title: 'Message undeliverable', cause: 'The number is not on WhatsApp, uses an outdated app, has not accepted the terms, or blocked you.', advice: 'Reach this customer by another channel and mark the number as not reachable on WhatsApp.', action: 'otherChannel', retryAfter: null, texts: ['message undeliverable', 'undeliverable'] },
	{ code: '131047', title: 'Re-engagement message', cause: 'More than 24 hours have passed since the customer last wrote, so free text is closed.', advice: 'Send an approved template instead.', action: 'fixTemplate', retryAfter: null, texts: ['re-engagement', 'dialog window is closed', 'outside the allowed window', 'more than 24 hours'] },
	{ code: '131048', title: 'Spam rate limit hit', cause: 'Many recipients blocked or reported this number, so WhatsApp restricts it.', advice: 'Pause all sending, check the quality rating in WhatsApp Manager and decide manually when to resume.', action: 'alertPerson', retryAfter: null, texts: ['spam rate limit'], stops: 'channel' },
	{ code: '131049', title: 'Not delivered to maintain healthy ecosystem engagement', cause: 'This customer has received enough marketing templates for now.', advice: 'Wait at least a day before trying again, and drop the message if the stock is gone. A template of category UTILITY is not limited this way.', action: 'retryLater', retryAfter: 24 * HOUR, texts: ['healthy ecosystem engagement'] },
	{ code: '131050', title: 'User has stopped marketing messages', cause: 'The customer has opted out of marketing messages from you.', advice: 'Record the opt-out and do not send marketing templates to this number again.', action: 'recordOptOut', retryAfter: null, texts: ['stopped receipt of', 'stop receiving marketing', 'stopped receiving marketing', 'opted out'] },
	{ code: '130472', title: "User's number is part of an experiment", cause: 'WhatsApp withholds marketing templates from this number as part of an experiment.', advice: 'Reach this customer by another channel; trying again does not help.', action: 'otherChannel', retryAfter: null, texts: ['part of an experiment'] },
	{ code: '130429', title: 'Rate limit hit', cause: 'The channel sends faster than WhatsApp accepts messages.', advice: 'Send more slowly; the same message can be sent again shortly.', action: 'retryLater', retryAfter: 5, texts: ['rate limit hit'] },
	{ code: '131056', title: 'Pair rate limit hit', cause: 'Too many messages to the same customer in a short time.', advice: 'Wait a few seconds before the next message to this customer, or put several products in one message.', action: 'retryLater', retryAfter: 6, texts: ['pair rate limit'] },
	{ code: '131000', title: 'Something went wrong', cause: "An unexpected error on WhatsApp's side.", advice: 'Try again in a few minutes.', action: 'retryLater', retryAfter: 300, texts: ['something went wrong'] },
	{ code: '131016', title: 'Service unavailable', cause: 'A WhatsApp service is temporarily down.', advice: 'Try again in a few minutes.', action: 'retryLater', retryAfter: 300, texts: ['service temporarily unavailable', 'service unavailable'] },
	{ code: '1', title: 'API unknown', cause: "An unexpected error on WhatsApp's side.", advice: 'Try again in a few minutes.', action: 'retryLater', retryAfter: 300, texts: ['api unknown'] },
	{ code: '2', title: 'API service', cause: 'A WhatsApp service is down or overloaded.', advice: 'Try again in a few minutes.', action: 'retryLater', retryAfter: 300, texts: ['api service'] },
	{ code: '4', title: 'Too many calls', cause: 'The app behind the channel has used up its calls for the hour.', advice: 'Send more slowly and try again later.', action: 'retryLater', retryAfter: 600, texts: ['application request limit', 'too many calls'] },
	{ code: '80007', title: 'Rate limit issues', cause: 'The WhatsApp business account has reached its rate limit.', advice: 'Send more slowly and try again later.', action: 'retryLater', retryAfter: 600, texts: ['rate limit issues'] },
	{ code: '131057', title: 'Account in maintenance mode', cause: 'The account is being upgraded to a higher throughput.', advice: 'Wait a few minutes and send again.', action: 'retryLater', retryAfter: 600, texts: ['maintenance mode'] },
	{ code: '132000', title: 'Number of parameters does not match', cause: 'The template has a different number of variables than were sent; it may have been changed.', advice: 'Open the node, choose the template again and fill every variable.', action: 'fixTemplate', retryAfter: null, texts: ['number of parameters', 'parameter count', 'variable count', 'wrong number of variables'] },
	{ code: '132001', title: 'Template does not exist', cause: 'No approved template has this name, language and namespace; it may have been deleted recently.', advice: 'Check the name and language against the templates of the channel.', action: 'fixTemplate', retryAfter: null, texts: ['does not exist in the translation', 'template name does not exist', 'template is not defined', 'template not found'], stops: 'template' },
	{ code: '132005', title: 'Translated text too long', cause: 'With these values the text is longer than WhatsApp allows.', advice: 'Shorten the values, most likely the product name.', action: 'fixData', retryAfter: null, texts: ['translated text too long', 'text too long'] },
	{ code: '132007', title: 'Template format character policy violated', cause: 'A value contains characters that WhatsApp does not allow.', advice: 'Remove unusual characters from the values.', action: 'fixData', retryAfter: null, texts: ['format character policy'] },
	{ code: '132012', title: 'Parameter format does not match', cause: 'A part of the template needs a different kind of value, such as an image in the header.', advice: 'Choose the template again to reload its fields, and fill in all of them.', action: 'fixTemplate', retryAfter: null, texts: ['parameter format does not match', 'format mismatch'] },
	{ code: '132015', title: 'Template is paused', cause: 'WhatsApp paused the template because recipients marked it as unwanted.', advice: 'Stop sending it. The pause ends after a few hours; improve the text or the audience before resuming.', action: 'alertPerson', retryAfter: null, texts: ['template is paused'], stops: 'template' },
	{ code: '132016', title: 'Template is disabled', cause: 'WhatsApp disabled the template after several pauses.', advice: 'Create a new template; this one cannot be used again.', action: 'fixTemplate', retryAfter: null, texts: ['template is disabled'], stops: 'template' },
	{ code: '132018', title: 'Template parameter has a wrong format', cause: 'A value contains a line break, a tab or more than four spaces in a row.', advice: 'Remove line breaks, tabs and long runs of spaces from the values.', action: 'fixData', retryAfter: null, texts: ['new-line', 'newline', 'new line/tab', 'consecutive spaces'] },
	{ code: '100', title: 'Invalid parameter', cause: 'A field of the message has a value that WhatsApp does not accept.', advice: 'Check the phone number and that no value is empty.', action: 'fixData', retryAfter: null, texts: ['invalid parameter'] },
	{ code: '131008', title: 'Required parameter is missing', cause: 'A variable of the template is empty.', advice: 'Fill every variable.', action: 'fixData', retryAfter: null, texts: ['required parameter'] },
	{ code: '131009', title: 'Parameter value is not valid', cause: 'A value, most often the phone number, is not valid.', advice: 'Check the phone number and the values.', action: 'fixData', retryAfter: null, texts: ['value is not valid', 'value not valid', 'invalid phone'] },
	{ code: '131021', title: 'Recipient cannot be sender', cause: "The recipient is the channel's own number.", advice: 'Send to another number.', action: 'fixData', retryAfter: null, texts: ['recipient cannot be sender', 'recipient cannot be the sender'] },
	{ code: '131031', title: 'Account locked', cause: 'WhatsApp locked the business account for a breach of policy.', advice: 'Stop sending and have a person look at the account in WhatsApp Manager.', action: 'alertPerson', retryAfter: null, texts: ['account has been locked', 'account locked'], stops: 'channel' },
	{ code: '368', title: 'Temporarily blocked for policy violations', cause: 'WhatsApp has temporarily blocked the business account.', advice: 'Stop sending and have a person look at the account in WhatsApp Manager.', action: 'alertPerson', retryAfter: null, texts: ['temporarily blocked'], stops: 'channel' },
	{ code: '131042', title: 'Business eligibility payment issue', cause: 'The account cannot pay for the message.', advice: 'Stop sending and settle the billing of the WhatsApp account.', action: 'alertPerson', retryAfter: null, texts: ['payment issue', 'eligibility'], stops: 'channel' },
	{ code: '131051', title: 'Unsupported message type', cause: 'WhatsApp does not accept this kind of message here.', advice: 'Send a template.', action: 'fixTemplate', retryAfter: null, texts: ['unsupported message type'] },
	{ code: '131052', title: 'Media download', cause: 'The media file could not be downloaded.', advice: 'Check that the link is public, not too large and of the right type.', action: 'fixData', retryAfter: null, texts: ['media download'] },
	{ code: '131053', title: 'Media upload', cause: 'The media file could not be uploaded: it is unreachable, too large, or of the wrong type.', advice: 'Check that the link is public, not too large and of the right type.', action: 'fixData', retryAfter: null, texts: ['media upload'] },
	{ code: '131037', title: 'Display name not approved', cause: "The phone number's display name is not approved yet.", advice: 'Have a person get the display name approved in WhatsApp Manager.', action: 'alertPerson', retryAfter: null, texts: ['display name'], stops: 'channel' },
	{ code: '133010', title: 'Phone number not registered', cause: "The channel's phone number is not registered with WhatsApp.", advice: 'Connect the channel again in the 1MSG dashboard.', action: 'alertPerson', retryAfter: null, texts: ['number not registered', 'account not registered'], stops: 'channel' },
	{ code: '130497', title: 'Restricted in this country', cause: 'The business may not message customers in this country.', advice: 'Reach this customer by another channel.', action: 'otherChannel', retryAfter: null, texts: ['in this country', 'restricted from messaging'] },
	{ code: '0', title: 'Authentication', cause: "The channel's connection to WhatsApp has lost its permission.", advice: 'Connect the channel again in the 1MSG dashboard.', action: 'alertPerson', retryAfter: null, texts: ['authexception', 'unable to authenticate'], stops: 'channel' },
	{ code: '3', title: 'Capability or permission', cause: "The channel's connection lacks a permission.", advice: 'Connect the channel again in the 1MSG dashboard.', action: 'alertPerson', retryAfter: null, texts: ['api method'], stops: 'channel' },
	{ code: '10', title: 'Permission denied', cause: "The channel's connection lacks a permission.", advice: 'Connect the channel again in the 1MSG dashboard.', action: 'alertPerson', retryAfter: null, texts: ['permission denied', 'permissions error'], stops: 'channel' },
	{ code: '190', title: 'Access token has expired', cause: "The channel's own WhatsApp connection has expired.", advice: 'Connect the channel again in the 1MSG dashboard.', action: 'alertPerson', retryAfter: null, texts: ['token has expired', 'token expired'], stops: 'channel' },
	{ code: '33', title: 'Parameter value is not valid', cause: 'The sending phone number has been deleted.', advice: 'Have a person check the phone number of the channel.', action: 'alertPerson', retryAfter: null, texts: ['number has been deleted'], stops: 'channel' },
	{ code: 'wrong-file', title: 'Wrong file', cause: '1MSG could not use the media file.', advice: 'Check that the link is public and of the right type.', action: 'fixData', retryAfter: null, texts: ['wrong file'] },
	{ code: 'namespace-rejected', title: 'Namespace rejected', cause: "The request's namespace is missing or is not the template's.", advice: "Remove the Namespace option so that it is read from the channel's list, or copy it from the 1MSG dashboard.", action: 'fixTemplate', retryAfter: null, texts: ['namespace'], stops: 'template' },
	{ code: 'recipient-not-found', title: 'Recipient not found', cause: 'The channel does not know the user name or hidden number.', advice: 'Use the phone number of the customer.', action: 'fixData', retryAfter: null, texts: ['username is not found', 'not linked with bsuid', 'bsuid routing is disabled', 'username routing is disabled'] },
	{ code: 'rate-limited', title: 'Too many requests', cause: 'The channel received more requests than 1MSG allows.', advice: 'Send more slowly; the same message can be sent again shortly.', action: 'retryLater', retryAfter: 5, texts: ['too many request', 'rate limit'] },
	{ code: 'token-rejected', title: 'Token rejected', cause: 'The API token does not belong to this channel.', advice: 'Copy the channel ID and token from the 1MSG dashboard into the credential again.', action: 'alertPerson', retryAfter: null, texts: ['wrong token', 'invalid token', 'unauthorized'], stops: 'channel' },
	{ code: 'subscription-limit', title: 'Subscription limit', cause: "The channel's 1MSG subscription is used up or does not allow this.", advice: 'Have a person look at the subscription in the 1MSG dashboard.', action: 'alertPerson', retryAfter: null, texts: ['subscription limit', 'trial'], stops: 'channel' },
];
