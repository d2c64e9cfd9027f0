import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { foundBeforeSending, type Problem } from '../../../core/problem';
import { toError, toErrorItem } from '../../../shared/nodeErrors';

/** n8n threw while reading a parameter, usually for a broken expression. */
export function unreadable(error: unknown): Problem {
	return foundBeforeSending({
		code: 'unreadable-parameter',
		message: error instanceof Error ? error.message : 'A parameter could not be read',
		description: 'Check the expressions in the fields of this node.',
	});
}

/** An unexpected error. For a send, the request was not made. */
export function unexpected(error: unknown): Problem {
	return foundBeforeSending({
		code: 'unexpected',
		message: `This item could not be processed: ${error instanceof Error ? error.message : String(error)}`,
		description: 'Nothing was sent for it. Run the workflow again; if it happens again, report it with this text.',
		action: 'alertPerson',
	});
}

/** Throws a problem of all items, or returns it for each if the node continues on failure. */
export function failAll(context: IExecuteFunctions, problem: Problem): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toError(context.getNode(), problem);
	return context.getInputData().map((_, itemIndex) => toErrorItem(problem, itemIndex));
}

/** Throws an item's problem, or returns it as an error item if the node continues on failure. */
export function failOne(context: IExecuteFunctions, problem: Problem, itemIndex: number): INodeExecutionData {
	if (!context.continueOnFail()) throw toError(context.getNode(), problem, itemIndex);
	return toErrorItem(problem, itemIndex);
}
