import type { TemplateComponent } from './definition';
import { field, fixedPart, type FieldValues, type PartScope, type TemplatePart } from './part';
import { MAX_HEADER_LENGTH, textPart } from './textPart';

const MEDIA = new Map([
	['IMAGE', 'Public link to a JPEG or PNG of at most 5 MB, or a media ID'],
	['VIDEO', 'Public link to an MP4 of at most 16 MB, or a media ID'],
	['DOCUMENT', 'Public link to a file of at most 100 MB, such as a PDF, or a media ID'],
]);
const MEDIA_ID = /^\d{1,30}$/;

/** Whether a text is the ID of a file uploaded to WhatsApp, not a link to one (1msg-contract-2.md, section 2, `uploadMedia`). */
export function isMediaId(text: string): boolean {
	return MEDIA_ID.test(text);
}

/** A template's header; null if its format is unsupported (1msg-api.md, section 2.2). */
export function headerPart(header: TemplateComponent, scope: PartScope): TemplatePart | null {
	if (header.format === '' || header.format === 'TEXT') return textPart(header, 'header', MAX_HEADER_LENGTH, scope);
	if (header.format === 'LOCATION') return locationPart(scope);
	if (header.format === 'PRODUCT') return productPart(scope);
	const hint = MEDIA.get(header.format);
	return hint === undefined ? null : mediaPart(header.format, hint, scope);
}

function mediaPart(format: string, hint: string, scope: PartScope): TemplatePart {
	const type = format.toLowerCase();
	const id = `${scope.idPrefix}header_media`;
	const fileName = `${scope.idPrefix}header_filename`;
	const fields = [field({ id, label: `${scope.labelPrefix}Header ${format.charAt(0)}${type.slice(1)}`, hint, kind: 'media' })];
	if (format === 'DOCUMENT') {
		fields.push(field({ id: fileName, label: `${scope.labelPrefix}Header File Name`, hint: 'What the customer sees as the name of the file', example: 'invoice.pdf', required: false }));
	}
	return {
		...fixedPart(''),
		fields,
		shown: (values) => values.get(fileName) ?? '',
		components(values) {
			const name = values.get(fileName);
			const media = values.get(id) ?? '';
			const file = { [isMediaId(media) ? 'id' : 'link']: media, ...(name === undefined ? {} : { filename: name }) };
			return [{ type: 'header', parameters: [{ type, [type]: file }] }];
		},
	};
}

/** A product of the business's catalog, in Meta's own form: no 1MSG document shows one. */
function productPart(scope: PartScope): TemplatePart {
	const product = `${scope.idPrefix}header_product`;
	const catalog = `${scope.idPrefix}header_catalog`;
	return {
		...fixedPart(''),
		fields: [
			field({ id: product, label: `${scope.labelPrefix}Header Product`, hint: 'Content ID of the product in the catalog', example: 'SKU-1' }),
			field({ id: catalog, label: `${scope.labelPrefix}Header Catalog`, hint: 'ID of the catalog that is connected to WhatsApp' }),
		],
		components(values) {
			const shown = { product_retailer_id: values.get(product) ?? '', catalog_id: values.get(catalog) ?? '' };
			return [{ type: 'header', parameters: [{ type: 'product', product: shown }] }];
		},
	};
}

function locationPart(scope: PartScope): TemplatePart {
	const id = (name: string) => `${scope.idPrefix}header_${name}`;
	const get = (values: FieldValues, name: string) => values.get(id(name)) ?? '';
	return {
		...fixedPart(''),
		fields: [
			field({ id: id('latitude'), label: `${scope.labelPrefix}Header Latitude`, hint: 'Degrees north, south is negative', example: '4.6097', kind: 'latitude' }),
			field({ id: id('longitude'), label: `${scope.labelPrefix}Header Longitude`, hint: 'Degrees east, west is negative', example: '-74.0817', kind: 'longitude' }),
			field({ id: id('name'), label: `${scope.labelPrefix}Header Place Name`, hint: 'What the customer reads above the address' }),
			field({ id: id('address'), label: `${scope.labelPrefix}Header Address`, hint: 'The address as the customer reads it' }),
		],
		shown: (values) => [get(values, 'name'), get(values, 'address')].filter((text) => text !== '').join(', '),
		components(values) {
			const [latitude, longitude, name, address] = ['latitude', 'longitude', 'name', 'address'].map((key) => get(values, key));
			return [{ type: 'header', parameters: [{ type: 'location', location: { latitude, longitude, name, address } }] }];
		},
	};
}
