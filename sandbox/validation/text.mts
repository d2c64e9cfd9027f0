import { parameterText } from './value.mts';
import type { JsonObject } from '../json.mts';
import { refuse } from './refusal.mts';
import { variablesOf } from './template-definition.mts';

/** Fills a text's variables by index or name; a wrong count is 132000, a wrong format 132012. */
export function filledText(text: string, named: boolean, parameters: readonly JsonObject[], where: string): string {
	const variables = variablesOf(text);
	if (parameters.length !== variables.length) {
		refuse(
			132000,
			`${where}: number of localizable_params (${parameters.length}) does not match the expected number of params (${variables.length})`,
		);
	}
	const values = named ? byName(variables, parameters, where) : byIndex(parameters, where);
	return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, variable: string) => values.get(variable) ?? '');
}

function byIndex(parameters: readonly JsonObject[], where: string): Map<string, string> {
	return new Map(
		parameters.map((parameter, index) => {
			if (parameter.parameter_name !== undefined) refuse(132012, `${where}: the template's variables have no names`);
			return [String(index + 1), parameterText(parameter, `${where}: parameter ${index + 1}`)];
		}),
	);
}

function byName(variables: readonly string[], parameters: readonly JsonObject[], where: string): Map<string, string> {
	const values = new Map<string, string>();
	for (const parameter of parameters) {
		const name = parameter.parameter_name;
		if (typeof name !== 'string' || name === '') refuse(132012, `${where}: Parameter name is missing or empty`);
		if (!variables.includes(name) || values.has(name)) refuse(132012, `${where}: there is no variable ${name} to fill`);
		values.set(name, parameterText(parameter, `${where}: parameter ${name}`));
	}
	return values;
}
