import { no, type Result } from '../../core/problem';

/** What was prepared for a send; a problem found meanwhile says that nothing was sent, where it does not say so already. */
export function nothingSent<T>(prepared: Result<T>): Result<T> {
	if (prepared.ok) return prepared;
	const { problem } = prepared;
	if (/nothing was sent/i.test(`${problem.message} ${problem.description}`)) return prepared;
	return no({ ...problem, description: `Nothing was sent. ${problem.description}` });
}
