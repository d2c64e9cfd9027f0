import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { foundBeforeSending, type Problem } from '../core/problem';
import { toError, toErrorItem } from '../report';

/** What n8n threw while a parameter was read, most often an expression that points nowhere. */
export function unreadable(error: unknown): Problem {
	return foundBeforeSending({
		code: 'unreadable-parameter',
		message: error instanceof Error ? error.message : 'A parameter could not be read',
		description: 'Check the expressions in the fields of this node.',
	});
}

/** Stops the node for a problem that concerns every item, or hands it to each item where the node continues. */
export function failAll(context: IExecuteFunctions, problem: Problem): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toError(context.getNode(), problem);
	return context.getInputData().map((_, itemIndex) => toErrorItem(problem, itemIndex));
}
