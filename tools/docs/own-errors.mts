import type { Action } from '../../nodes/core/problem.ts';

/** A code of ours that stands in no row of the failure table, in words for docs/errors.md. */
export interface OwnError {
	/** As in `error.code`; `http-...` stands for every number behind it. */
	code: string;
	/** How the message begins, to be searched for, with `...` for what differs; empty where the words are somebody else's. */
	says: string;
	means: string;
	/** What to do, in one or two sentences. */
	advice: string;
	/** What the error says in `action`; `cause` where it is that of the error behind it. */
	action: Action | 'cause';
}

/** Found before anything was sent: the message did not leave n8n. */
export const BEFORE_SENDING: readonly OwnError[] = [
	{ code: 'invalid-phone', says: '... is not a phone number that WhatsApp can reach: ...', means: 'The phone number is empty, has letters, is too short or too long, or lacks its country code.', advice: 'Give it with its country code, as in `+7 912 345-67-89`, or set [Default Country](reference.md#default-country).', action: 'fixData' },
	{ code: 'invalid-country', says: '... is not a country code', means: 'Default Country is not a country code.', advice: 'Write two letters, such as `ES` or `BR`.', action: 'fixData' },
	{ code: 'no-opt-in', says: 'This customer has not agreed to be messaged, so nothing was sent', means: 'The option Opted In did not say yes for this customer.', advice: 'Ask the customer for consent by another channel, or correct the expression in the option.', action: 'otherChannel' },
	{ code: 'empty-variable', says: '... is empty', means: 'A variable is empty, most often because an expression found nothing. WhatsApp takes no empty variable.', advice: 'The message names the field: check its expression, or give a fallback such as `{{ $json.name || "customer" }}`.', action: 'fixData' },
	{ code: 'invalid-variable', says: '... is ..., not a text', means: 'A value is a list, an object, or not what its field takes: no https link, no date to come, a code that is too long.', advice: 'Point the expression at a single text or number; the description says what the field takes.', action: 'fixData' },
	{ code: 'text-too-long', says: 'With these values the text has ... characters, WhatsApp takes ...', means: 'With these values the message is longer than WhatsApp takes.', advice: 'Shorten the value that the description names, most likely the product.', action: 'fixData' },
	{ code: 'empty-text', says: 'The text is empty', means: 'Send Text has no text.', advice: 'Write the message, or check the expression that should fill it.', action: 'fixData' },
	{ code: 'invalid-text', says: 'The text is not a text', means: 'What fills Text is not a text.', advice: 'Point the expression at a text.', action: 'fixData' },
	{ code: 'template-missing', says: 'No template is chosen', means: 'No template is chosen.', advice: 'Choose one from the list, or give its name.', action: 'fixTemplate' },
	{ code: 'invalid-template-name', says: '... is not a template name', means: 'What stands in Template is no name of a template: only lower-case letters, digits and underscores are.', advice: 'Write it as in `stock_arrival`, or `stock_arrival|en` with its language.', action: 'fixTemplate' },
	{ code: 'template-not-found', says: 'The channel has no template named ...', means: 'The channel has no template of this name, or not in this language.', advice: 'The description lists what the channel has. Check the credential too: is it the right channel?', action: 'fixTemplate' },
	{ code: 'template-ambiguous', says: 'The template ... exists in several languages', means: 'The template exists in several languages, and none was named.', advice: 'Write `name|language`, choose it from the list, or set [Language Code](reference.md#language-code).', action: 'fixTemplate' },
	{ code: 'template-not-approved', says: 'The template ... cannot be sent: its status is ...', means: 'WhatsApp has not approved the template yet, rejected it, or paused or disabled it.', advice: 'Pending: wait. Rejected or disabled: change it and submit it again. Paused: the pause ends by itself after some hours; `action` is `alertPerson` then.', action: 'fixTemplate' },
	{ code: 'template-does-not-fit', says: 'The template ... is not a stock arrival template: ...', means: 'The template is not a stock arrival template: its text has not exactly four numbered variables, or its header or buttons want values.', advice: 'Choose another one, or use [Send Template](reference.md#send-template), which fills any template.', action: 'fixTemplate' },
	{ code: 'template-unreadable', says: "The channel's list does not tell what the template ... consists of", means: "The channel's list does not say what the template consists of.", advice: 'Look at it in the 1MSG dashboard, or choose another one.', action: 'fixTemplate' },
	{ code: 'template-not-supported', says: 'The template ... wants values for what this node does not know: ...', means: 'The template has a part that this node does not know how to fill.', advice: "Choose another one, or send it with n8n's HTTP Request node and this credential.", action: 'fixTemplate' },
	{ code: 'variables-outdated', says: 'The template ... has no variable ...', means: 'A field is filled that the template no longer has: it was changed, or the node was set up for another one.', advice: 'Open the node, refresh the Variables and fill them anew.', action: 'fixTemplate' },
	{ code: 'namespace-missing', says: "The channel's list names no namespace for the template ...", means: "The channel's list names no namespace for the template.", advice: 'Copy it from the 1MSG dashboard into [Namespace](reference.md#namespace).', action: 'fixTemplate' },
	{ code: 'namespace-unknown', says: 'The namespace ... is not the one of the template ...', means: "The option Namespace is not the template's own.", advice: 'Remove the option, so that it is read from the channel.', action: 'fixTemplate' },
	{ code: 'invalid-option', says: '... is ..., but must be a number from ... to ...', means: 'An option has a value outside its range; the message names it.', advice: 'Correct it or remove it.', action: 'fixData' },
	{ code: 'invalid-message-id', says: 'The message ID is empty', means: 'The message ID is empty, or far too long to be one.', advice: 'Give the `messageId` of the send. A queued or unknown send has none: hear of it through the 1MSG Trigger, or look for it with Find Sent Message.', action: 'fixData' },
	{ code: 'invalid-time', says: 'Since is ..., which is no point in time', means: 'Since is no point in time.', advice: 'Write it as in `2026-11-22T18:00:00Z`, or use the `sentAt` of the message.', action: 'fixData' },
	{ code: 'unreadable-parameter', says: '', means: 'n8n could not work out the value of a field, most often an expression that points nowhere.', advice: 'Open the node and look for the red expression.', action: 'fixData' },
	{ code: 'invalid-language', says: '... is not a language code', means: 'What stands in Language is no language code.', advice: 'Choose it from the list, or write a code such as `en` or `pt_BR`.', action: 'fixTemplate' },
	{ code: 'invalid-template-text', says: 'The Body Text cannot be approved: ...', means: 'WhatsApp would not approve this Body Text; the message says why.', advice: 'Start from the ready wording, and keep {{1}} to {{4}} with text around each.', action: 'fixTemplate' },
	{ code: 'invalid-button', says: 'The Button Text ...', means: 'WhatsApp would not approve this button; the message says why.', advice: 'Give a plain label of at most 25 characters, and an https address that is the same for every customer.', action: 'fixTemplate' },
	{ code: 'invalid-sample', says: 'The sample for ... has a variable in it', means: 'A sample value is empty or has a variable in it.', advice: 'Give what a customer would read there, or remove it: then a ready sample is taken.', action: 'fixData' },
	{ code: 'token-missing', says: 'The credential has no API token', means: 'The credential has no API Token, or it has spaces in it.', advice: 'Copy it anew from the 1MSG dashboard.', action: 'alertPerson' },
	{ code: 'channel-id-missing', says: 'The credential has no channel ID, and the token does not name one', means: 'The credential has no Channel ID, and the token names none; or it is not one.', advice: 'Copy it from the 1MSG dashboard.', action: 'alertPerson' },
	{ code: 'invalid-base-url', says: "The credential's Base URL ... is not a web address", means: "The credential's Base URL is no web address.", advice: 'Use `https://api.1msg.io`, or the full address of your own gateway.', action: 'alertPerson' },
	{ code: 'not-attempted', says: 'Not attempted, because no send can succeed now. ...', means: 'An earlier message of this batch showed that none can succeed now: the token was rejected, the account is locked or unpaid, the template is paused or gone. This one was not tried.', advice: 'Do what the message says, then send these items again. Nothing was sent to them.', action: 'cause' },
	{ code: 'send-once-unavailable', says: 'n8n could not say whether this message was sent before: ...', means: 'n8n could not say whether the message was sent before, so it was not sent.', advice: 'Save the workflow first. If it is saved, look at the database of this n8n.', action: 'alertPerson' },
	{ code: 'cancelled', says: 'The execution was cancelled before this message was sent', means: 'The execution was cancelled before this message was sent.', advice: 'Run the workflow again.', action: 'alertPerson' },
];

/** Said by the service, or by the network on the way to it. */
export const FROM_THE_SERVICE: readonly OwnError[] = [
	{ code: 'channel-unreachable', says: 'The service cannot be reached: ...', means: 'The request certainly never left: no such host, nothing listens there, the certificate is not trusted, or this n8n forbids the address.', advice: "Check the credential's Base URL and this n8n's network. A send is tried again for [Retry For](reference.md#retry-for) seconds before it says this; trying later is safe.", action: 'retryLater' },
	{ code: 'service-unavailable', says: 'No usable answer came: ...', means: 'A question (status, templates, webhooks, history) got no usable answer. Sends never say this: a send without an answer is the outcome `unknown`.', advice: 'Ask again later; asking is safe.', action: 'retryLater' },
	{ code: 'access-denied', says: 'The service denies access (HTTP 403) ...', means: 'The service denies access (HTTP 403).', advice: 'Have a person look at the channel and its subscription in the 1MSG dashboard.', action: 'alertPerson' },
	{ code: 'channel-not-found', says: 'The service does not know this channel or path (HTTP 404) ...', means: 'The service does not know the channel (HTTP 404).', advice: "Check the credential's Channel ID and Base URL.", action: 'alertPerson' },
	{ code: 'redirected', says: 'The service redirects to another address ... instead of answering', means: 'The address redirects instead of answering. The token is not sent on.', advice: 'Base URL must be the address of the API itself.', action: 'alertPerson' },
	{ code: 'refused', says: 'The service did not take the request...', means: 'The service said no in words that are not in these tables. The message quotes them.', advice: 'Nothing was sent. Show the words to someone who knows the channel.', action: 'alertPerson' },
	{ code: 'http-...', says: 'The service did not take the request ... (HTTP ...) ...', means: 'As above, with the HTTP status in the code, for example `http-422`.', advice: 'Nothing was sent. Check the template and the values against what the service says.', action: 'fixData' },
	{ code: 'templates-unavailable', says: "The channel's templates could not be read ...", means: "The channel's templates could not be read.", advice: 'Try again later. To send a stock arrival without the list, give name, Language Code and Namespace.', action: 'retryLater' },
	{ code: 'template-refused', says: 'The service did not take the template ...', means: 'The service did not take the new template; the message quotes its reason.', advice: 'Change what it names and submit it again. Nothing was created.', action: 'fixTemplate' },
	{ code: 'status-unavailable', says: 'The channel does not tell the status of messages on request ...', means: 'This channel does not tell statuses on request.', advice: 'Use the 1MSG Trigger, which is told every status.', action: 'alertPerson' },
	{ code: 'history-unavailable', says: 'The channel keeps no history of its messages ...', means: 'This channel keeps no history of its messages.', advice: 'Switch the storing of history on in the 1MSG dashboard, or use the 1MSG Trigger.', action: 'alertPerson' },
	{ code: 'webhook-list-full', says: "The channel's list already holds ... webhook URLs, and ... is the most it takes: ...", means: 'The channel already calls five URLs, the most it takes. The message lists them.', advice: 'Remove one that is no longer used, in the 1MSG dashboard or by deactivating its workflow, then activate this one again.', action: 'alertPerson' },
	{ code: 'webhook-list-contended', says: "The channel's webhook list is being changed by another program at the same time", means: "Another program keeps changing the channel's webhook list at the same time.", advice: 'Activate the workflow again in a minute.', action: 'retryLater' },
	{ code: 'webhook-list-unreadable', says: "The channel's webhook list could not be read, so nothing was changed", means: "The channel's webhook list could not be read, so nothing was changed.", advice: 'Try again later. If it stays so, look at the webhooks in the 1MSG dashboard.', action: 'alertPerson' },
	{ code: 'credential-unreadable', says: '', means: "Only in n8n's log: the 1MSG Trigger could not open its credential, so statuses are passed on as not confirmed.", advice: 'Choose a credential in the 1MSG Trigger.', action: 'alertPerson' },
	{ code: 'unknown-failure', says: '', means: 'WhatsApp reports a failed delivery in words that are not in these tables; `details` has them.', advice: 'Do not send again before the reason is known.', action: 'alertPerson' },
];
