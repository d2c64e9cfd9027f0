import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { foundBeforeSending, type Problem } from '../../../core/problem';
import { toError, toErrorItem } from '../../../shared/errors';

/** What n8n threw while a parameter was read, most often an expression that points nowhere. */
export function unreadable(error: unknown): Problem {
	return foundBeforeSending({
		code: 'unreadable-parameter',
		message: error instanceof Error ? error.message : 'A parameter could not be read',
		description: 'Check the expressions in the fields of this node.',
	});
}

/** What no one has thought of. For a send: the request has not left. */
export function unexpected(error: unknown): Problem {
	return foundBeforeSending({
		code: 'unexpected',
		message: `This item could not be dealt with: ${error instanceof Error ? error.message : String(error)}`,
		description: 'Nothing was sent for it. Run the workflow again; if it happens again, report it with this text.',
		action: 'alertPerson',
	});
}

/** Stops the node for a problem that concerns every item, or hands it to each item where the node continues. */
export function failAll(context: IExecuteFunctions, problem: Problem): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toError(context.getNode(), problem);
	return context.getInputData().map((_, itemIndex) => toErrorItem(problem, itemIndex));
}

/** Stops the node for an item's problem, or hands it to that item where the node continues. */
export function failOne(context: IExecuteFunctions, problem: Problem, itemIndex: number): INodeExecutionData {
	if (!context.continueOnFail()) throw toError(context.getNode(), problem, itemIndex);
	return toErrorItem(problem, itemIndex);
}
