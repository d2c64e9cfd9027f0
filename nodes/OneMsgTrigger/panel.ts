import type { INodeTypeDescription } from 'n8n-workflow';

const BUILDING =
	"<b>While you build the workflow</b>, click the button. n8n adds its test address to the channel's webhooks, the next status or message shows up here, and the address is removed again.";
const NOTHING =
	'<b>Nothing arrives?</b> 1MSG must be able to call this n8n over https: set <code>WEBHOOK_URL</code> to its public address, since 1MSG cannot reach localhost. ' +
	"<b>Get Webhooks</b> of the 1MSG node shows the channel's list, the state of each address and what is wrong with it. " +
	"A channel can have five addresses. Without a channel, try the package's sandbox: it runs on this machine and calls localhost.";

/** What opens 1MSG's circuit breaker, and what to do after (1msg-contract-2.md, section 1.6). */
const SKIPPED =
	'<b>It stopped?</b> After a few failed calls 1MSG skips calls to the address, and hours later disables it. Calls fail if the workflow is inactive, if nobody listens at a test address, ' +
	'if the answer is late, and with <b>When Workflow Finished</b> if the workflow fails. Remove the cause, run <b>Repair Webhooks</b>, then <b>Get Message Status</b> for what was skipped.';

/** The trigger's help panel: what will happen, and what to do if nothing does. n8n renders it as HTML. */
export const panel = {
	triggerPanel: {
		header: 'Find out what became of your messages',
		executionsHelp: {
			inactive: `${BUILDING}<br /><br /><b>To run it automatically</b>, publish the workflow (n8n 1: activate it). From then on the channel calls it for every event chosen here; these runs are in the executions list, not in the editor.<br /><br />${NOTHING}<br /><br />${SKIPPED}`,
			active: `${BUILDING}<br /><br /><b>The workflow is active</b>: the channel calls it for every event chosen here. These runs are in the <a data-key="executions">executions list</a>, not in the editor. Events that are not chosen, or skipped as repeated or late, start no run.<br /><br />${NOTHING}<br /><br />${SKIPPED}`,
		},
		activationHint: {
			inactive: "Publish the workflow (n8n 1: activate it), and the channel calls it automatically. Its other webhooks stay as they are.",
			active: 'The channel calls this workflow automatically; this button is only for testing.',
		},
	},
	eventTriggerDescription: 'Send a message through the channel: its delivery status starts this workflow. Or, with Message Received chosen, write to it.',
	activationMessage:
		"The channel now calls this workflow for the events chosen in 1MSG Trigger; its other webhooks stay as they were. If nothing arrives, or it stops, run Get Webhooks of the 1MSG node.",
} satisfies Partial<INodeTypeDescription>;
