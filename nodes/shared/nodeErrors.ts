import { NodeApiError, NodeOperationError, type INode, type INodeExecutionData, type JsonObject } from 'n8n-workflow';
import type { Problem } from '../core/problem';

/** The error that stops a workflow: NodeApiError if the service refused, NodeOperationError if this node did. */
export function toError(node: INode, problem: Problem, itemIndex?: number): NodeApiError | NodeOperationError {
	const { message, description, code, action, retryAfter } = problem;
	if (problem.saidBy === 'node') {
		const error = new NodeOperationError(node, message, { description, itemIndex });
		error.context.data = { code, action };
		return error;
	}
	const httpCode = problem.httpCode === null ? undefined : String(problem.httpCode);
	const said = { message, description, httpCode } as JsonObject;
	const error = new NodeApiError(node, said, { message, description, httpCode, itemIndex });
	error.context.data = { code, action, ...(retryAfter === null ? {} : { retryAfter }) };
	return error;
}

/** The error item of a Continue mode; n8n routes it by its single key (interface.md, "Errors"). */
export function toErrorItem(problem: Problem, itemIndex: number): INodeExecutionData {
	const { message, description, code, httpCode, action, retryAfter } = problem;
	const retryable = action === 'retryLater';
	return {
		json: { error: { message, description, code, httpCode, retryable, action, retryAfter, itemIndex } },
		pairedItem: { item: itemIndex },
	};
}
