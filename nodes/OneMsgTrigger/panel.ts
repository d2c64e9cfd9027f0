import type { INodeTypeDescription } from 'n8n-workflow';

const BUILDING =
	"<b>While you build the workflow</b>, click the button. n8n adds its test address to the channel's webhooks, the next status or message shows up here, and the address is taken away again.";
const NOTHING =
	'<b>Nothing arrives?</b> 1MSG must be able to call this n8n by https: set <code>WEBHOOK_URL</code> to its public address, since 1MSG cannot reach localhost. ' +
	"<b>Get Webhooks</b> of the 1MSG node shows the channel's list and what is wrong with it; <b>Repair Webhooks</b> brings an address back that 1MSG has disabled. " +
	"A channel takes five addresses. Without a channel, try the package's sandbox: it runs on this machine and calls localhost.";

/** What the panel of the trigger tells a newcomer: what will happen, and what to do when nothing does. n8n shows it as HTML. */
export const panel = {
	triggerPanel: {
		header: 'Hear what became of your messages',
		executionsHelp: {
			inactive: `${BUILDING}<br /><br /><b>To run it by itself</b>, publish the workflow (n8n 1: activate it). From then on the channel calls it for every event that is chosen here; these runs are in the executions list, not in the editor.<br /><br />${NOTHING}`,
			active: `${BUILDING}<br /><br /><b>The workflow is active</b>: the channel calls it for every event that is chosen here. These runs are in the <a data-key="executions">executions list</a>, not in the editor. What is not chosen, and what is skipped as repeated or late, starts no run.<br /><br />${NOTHING}`,
		},
		activationHint: {
			inactive: "Publish the workflow (n8n 1: activate it), and the channel calls it by itself. Its other webhooks stay as they are.",
			active: 'The channel calls this workflow by itself; this button is only for trying it out.',
		},
	},
	eventTriggerDescription: 'Send a message through the channel: its delivery status starts this workflow. Or, with Message Received chosen, write to it.',
	activationMessage:
		"The channel now calls this workflow for the events chosen in 1MSG Trigger; its other webhooks stay as they were. If nothing arrives, look at Get Webhooks of the 1MSG node.",
} satisfies Partial<INodeTypeDescription>;
