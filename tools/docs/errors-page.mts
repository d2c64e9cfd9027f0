import type { FailureRow } from '../../nodes/core/failure/table.ts';
import { BEFORE_SENDING, FROM_THE_SERVICE, type OwnError } from './own-errors.mts';
import { table } from './table.mts';

const HEAD = `<!-- Written by "npm run docs" from nodes/core/failure/table.ts and tools/docs. Change those, not this file. -->

# What each error means

An item that was not sent is an error of that item. With *On Error: Continue (using error output)* it comes out of the node's second output, beside the fields of its input item:

\`\`\`json
{
  "error": {
    "message": "Template does not exist. The service says: template name (no_such_template) does not exist in en",
    "description": "No approved template has this name, language and namespace; it may have been deleted recently. Check the name and language against the templates of the channel.",
    "code": "132001",
    "httpCode": 400,
    "retryable": false,
    "action": "fixTemplate",
    "retryAfter": null,
    "itemIndex": 0
  }
}
\`\`\`

A message that was accepted and then failed on its way is not an error of the send. It has the status \`failed\`, in Get Message Status, in the 1MSG Trigger, and in a send with Wait Until. Its \`failure\` has \`code\`, \`title\`, \`details\`, \`retryable\`, \`action\`, \`retryAfter\` and \`advice\`, with the same codes.

\`code\` is WhatsApp's number where there is one, otherwise a word of this package.

## What to do next: action

Build a **Switch** node on \`{{ $json.error.action }}\`, or on \`{{ $json.failure.action }}\` after the 1MSG Trigger.

| action | what the workflow should do |
| --- | --- |
| \`retryLater\` | send the item again after \`retryAfter\` seconds, with a Wait node or on a schedule. Only these errors are \`retryable\` |
| \`otherChannel\` | reach this customer by e-mail, SMS or phone: WhatsApp will not deliver it |
| \`recordOptOut\` | record in your CRM that this customer does not want these messages, and stop sending them |
| \`fixData\` | correct this item: a phone, a name, an empty field. Other items are not affected |
| \`fixTemplate\` | correct the template or the node. Every item with this template is affected |
| \`alertPerson\` | tell a person: the account, the channel or the credential needs attention |
`;

const NUMBERS = `## WhatsApp's numbers

They come in the answer to a send, or later as the reason for a failed delivery. If 1MSG gives only a text, the failure is recognised by its wording.

*Stops the batch* says which of the remaining messages are no longer tried after such an error. They get the code [\`not-attempted\`](#not-attempted).
`;

const WORDS = `## Failures that 1MSG reports without a number
`;

const BEFORE = `## Found before anything was sent

The node checks phone, consent, template and values first. With these errors, nothing has left n8n.
`;

const SERVICE = `## From the service or the network
`;

const NOT_ERRORS = `## What is not an error

| you see | it means |
| --- | --- |
| outcome \`queued\` | 1MSG will send the message later. Do not send it again |
| outcome \`unknown\` | the message may have gone out, but no usable answer came. Do not send it again automatically: see [Find Sent Message](reference.md#find-sent-message) |
| outcome \`skipped\` | [Send Once](reference.md#send-once) found that it was sent before |
| status \`noReport\` | 1MSG has no report about this message (yet) |
| \`timedOut: true\` | [Wait Timeout](reference.md#wait-timeout) is over; the message may still arrive |
`;

/** docs/errors.md: every row of the failure table and every code of ours, for workflow authors. */
export function errorsPage(failures: readonly FailureRow[]): string {
	const numbered = failures.filter(({ code }) => /^\d+$/.test(code));
	const worded = failures.filter(({ code }) => !/^\d+$/.test(code));
	return [
		HEAD,
		`${BEFORE}\n${ownTable(BEFORE_SENDING)}`,
		`${SERVICE}\n${ownTable(FROM_THE_SERVICE)}`,
		`${WORDS}\n${failureTable(worded)}`,
		`${NUMBERS}\n${failureTable(numbered)}`,
		NOT_ERRORS,
	].join('\n');
}

function failureTable(rows: readonly FailureRow[]): string {
	return table(
		['code', 'what it means', 'what to do', 'action', 'stops the batch'],
		rows.map(({ code, title, cause, advice, action, retryAfter, stops }) => [
			anchored(code),
			`**${title}.** ${cause}`,
			advice,
			`\`${action}\`${retryAfter === null ? '' : `, after ${inWords(retryAfter)}`}`,
			stops === undefined ? '' : stops === 'channel' ? 'all of it' : 'this template',
		]),
	);
}

function ownTable(errors: readonly OwnError[]): string {
	return table(
		['code', 'message', 'what it means', 'what to do', 'action'],
		errors.map(({ code, says, means, advice, action }) => [anchored(code), says, means, advice, action === 'cause' ? 'as the error behind it' : `\`${action}\``]),
	);
}

/** A code with an anchor, for links such as `errors.md#131026`. */
function anchored(code: string): string {
	return `<a id="${code}"></a>\`${code}\``;
}

function inWords(seconds: number): string {
	if (seconds >= 3600) return `${seconds / 3600} hours`;
	return seconds >= 60 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
