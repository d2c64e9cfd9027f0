import { z } from 'zod';
import { ControlError, parse, type Route } from './request.mts';
import type { JsonObject } from '../json.mts';
import { type Customer, type Customers, USER_ID, USERNAME } from '../state/customers.mts';

/** How a control call names a customer. */
export const whoFields = {
	phone: z.string().transform((phone) => phone.replace(/\D/g, '')).pipe(z.string().regex(/^\d{8,15}$/, 'must be 8 to 15 digits')).optional(),
	bsuid: z.string().regex(USER_ID, 'must be like US.1726000000000131').optional(),
	username: z.string().transform((username) => username.trim().replace(/^@/, '')).pipe(z.string().regex(USERNAME, 'must be letters, digits, dots, dashes and underscores')).optional(),
};

const changeSchema = z.object({
	...whoFields,
	username: whoFields.username.nullable(),
	name: z.string().min(1).nullable().optional(),
	waId: z.string().regex(/^\d{8,15}$/, 'must be 8 to 15 digits').nullable().optional(),
	hidesPhone: z.boolean().optional(),
});

/** The customers, and what the channel is told of them. */
export const customerRoutes: Route[] = [
	{
		method: 'GET',
		path: /^customers$/,
		shown: 'GET /_sandbox/customers',
		does: 'every customer, with all of their names',
		answer: (_, { customers }) => ({ customers: customers.all.map(customerView) }),
	},
	{
		method: 'GET',
		path: /^customers\/([^/]+)$/,
		shown: 'GET /_sandbox/customers/{phone, bsuid, @username or chatId}',
		does: 'one customer',
		answer({ key }, { customers }) {
			const customer = customers.find(key);
			if (!customer) throw new ControlError(`There is no customer ${key}.`, 404);
			return customerView(customer);
		},
	},
	{
		method: 'POST',
		path: /^customers$/,
		shown: 'POST /_sandbox/customers',
		does: 'sets up a customer, or changes one: {phone or bsuid or username, bsuid?, username? (null: none), hidesPhone?, name?, waId?}; events name the phone unless it is hidden',
		answer({ body }, { customers }) {
			const { phone, bsuid, username, ...rest } = parse(changeSchema, body);
			const customer = customerMeant({ phone, bsuid: phone === undefined ? bsuid : undefined, username: phone === undefined && bsuid === undefined ? (username ?? undefined) : undefined }, customers);
			const holder = typeof username === 'string' ? customers.ofUsername(username) : undefined;
			if (holder && holder !== customer) throw new ControlError(`The username ${username} is taken.`);
			const other = bsuid === undefined ? undefined : customers.find(bsuid);
			if (other && other !== customer) throw new ControlError(`The user ID ${bsuid} is taken.`);
			return customerView(customers.change(customer, { bsuid, username, ...rest }));
		},
	},
];

/** The customer that a call names by exactly one of the fields; a new one if need be. */
export function customerMeant({ phone, bsuid, username }: { phone?: string; bsuid?: string; username?: string }, customers: Customers): Customer {
	if ([phone, bsuid, username].filter((name) => name !== undefined).length !== 1) throw new ControlError('Give phone, bsuid or username.');
	return phone !== undefined ? customers.ofPhone(phone) : bsuid !== undefined ? customers.ofUserId(bsuid) : customers.behind(username ?? '');
}

/** A customer in the control API. */
export function customerView(customer: Customer): JsonObject {
	return { phone: null, waId: null, username: null, name: null, ...customer };
}
