import { type JsonObject, objectOf } from '../json.mts';
import { refuse } from './refusal.mts';

/** The value of a variable: not empty (131008), no line breaks, tabs or more than 4 spaces in a row (132018). */
export function variableText(value: unknown, where: string): string {
	if (value === undefined || value === null) refuse(131008, `${where}: text is missing`);
	if (typeof value !== 'string') refuse(100, `${where}: text must be a string`);
	if (value.trim() === '') refuse(131008, `${where}: text is empty`);
	if (/[\n\r\t]| {5}/.test(value)) {
		refuse(132018, `${where}: text cannot have new-line or tab characters or more than 4 consecutive spaces`);
	}
	return value;
}

/** The value of a body or text header parameter: its text, or the fallback of a currency or date. */
export function parameterText(parameter: JsonObject, where: string): string {
	switch (parameter.type) {
		case 'text':
			return variableText(parameter.text, where);
		case 'currency':
		case 'date_time':
			return variableText(objectOf(parameter[parameter.type])?.fallback_value, where);
		default:
			return refuse(132012, `${where}: expected text, received ${String(parameter.type)}`);
	}
}

/** The file of a media header as shown to the customer, from a public link or a media ID. */
export function mediaOf(parameter: JsonObject, format: string, where: string): string {
	const kind = format.toLowerCase();
	if (parameter.type !== kind) refuse(132012, `${where}: Format mismatch, expected ${format}, received ${String(parameter.type).toUpperCase()}`);
	const media = objectOf(parameter[kind]) ?? {};
	if (typeof media.id === 'string' && media.id !== '') return `media:${media.id}`;
	if (typeof media.link !== 'string' || media.link === '') refuse(131008, `${where}: ${kind} needs a link or an id`);
	if (!/^https?:\/\/\S+$/.test(media.link)) refuse(131009, `${where}: link is not a URL`);
	return media.link;
}

/** The product of a header, by its ID in a catalog. */
export function productOf(parameter: JsonObject, where: string): string {
	if (parameter.type !== 'product') refuse(132012, `${where}: Format mismatch, expected PRODUCT, received ${String(parameter.type).toUpperCase()}`);
	const product = objectOf(parameter.product) ?? {};
	for (const field of ['product_retailer_id', 'catalog_id']) {
		if (typeof product[field] !== 'string' || product[field] === '') refuse(131008, `${where}: product needs ${field}`);
	}
	return `product:${String(product.product_retailer_id)}`;
}

/** The name and address of a location header. */
export function locationOf(parameter: JsonObject, where: string): string {
	if (parameter.type !== 'location') refuse(132012, `${where}: Format mismatch, expected LOCATION, received ${String(parameter.type).toUpperCase()}`);
	const location = objectOf(parameter.location) ?? {};
	for (const field of ['latitude', 'longitude']) {
		const value = location[field];
		if (value === undefined || value === '') refuse(131008, `${where}: location needs ${field}`);
		if (!Number.isFinite(Number(value))) refuse(131009, `${where}: ${field} is not a number`);
	}
	const words = [location.name, location.address].map((value) => (typeof value === 'string' ? value : ''));
	if (words.includes('')) refuse(131008, `${where}: location needs name and address`);
	return words.join(', ');
}
