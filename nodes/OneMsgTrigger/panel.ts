import type { INodeTypeDescription } from 'n8n-workflow';

const BUILDING =
	"<b>While you build the workflow</b>, click the button. Then send a message with the 1MSG node in another workflow, or, with <b>Message Received</b> chosen, write to your number from a phone. n8n adds its test address to the channel's webhooks until the first event arrives.";
const NOTHING =
	'<b>Nothing arrives?</b> 1MSG must be able to call this n8n over https: set <code>WEBHOOK_URL</code> to its public address, since 1MSG cannot reach localhost. ' +
	"<b>Get Webhooks</b> of the 1MSG node shows each address of the channel and what is wrong with it. " +
	"A channel can have five addresses. No channel yet? The package's sandbox runs on your machine and can call localhost.";

/** What opens 1MSG's circuit breaker, and what to do after (1msg-contract-2.md, section 1.6). */
const SKIPPED =
	'<b>It stopped?</b> After a few failed calls 1MSG skips events for the address, and hours later disables it. A call fails if the workflow is inactive, if the answer is late, ' +
	'and, with <b>When Workflow Finished</b>, if the workflow fails. Fix the cause, run <b>Repair Webhooks</b>, then <b>Get Message Status</b> for the messages you missed.';

/** What makes hooks several times cheaper, and what does without them (docs/scale.md). */
const MANY =
	'<b>Thousands of events?</b> Set the option <b>Gather For (Seconds)</b> to 1, and start n8n with <code>N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true</code>; in queue mode, add webhook processes. ' +
	'Or ask for deliveries with <b>Get Message Status</b>, and choose only <b>Failed</b> and <b>Read</b> here.';

/** The trigger's help panel: what will happen, and what to do if nothing does. n8n renders it as HTML. */
export const panel = {
	triggerPanel: {
		header: 'Start listening, then send a message or write to your number',
		executionsHelp: {
			inactive: `${BUILDING}<br /><br /><b>To run it automatically</b>, publish the workflow (n8n 1: activate it). Every event chosen here then starts a run, which you find in the executions list.<br /><br />${NOTHING}<br /><br />${SKIPPED}<br /><br />${MANY}`,
			active: `${BUILDING}<br /><br /><b>The workflow is active</b>: every event chosen here starts a run, which you find in the <a data-key="executions">executions list</a>. Events that are not chosen, repeated or late start none.<br /><br />${NOTHING}<br /><br />${SKIPPED}<br /><br />${MANY}`,
		},
		activationHint: {
			inactive: "Publish the workflow (n8n 1: activate it) to run it automatically. The channel's other webhooks stay as they are.",
			active: 'The workflow runs automatically. This button is for testing only.',
		},
	},
	eventTriggerDescription: 'Send a message from another workflow. Or, with Message Received chosen, write to your number.',
	activationMessage:
		"Send a message, or write to your number: every event chosen in 1MSG Trigger now starts this workflow. If nothing arrives, run Get Webhooks of the 1MSG node.",
} satisfies Partial<INodeTypeDescription>;
