import { type Answer, json } from '../http/answer.mts';
import { type JsonObject, textOf } from '../json.mts';
import { USER_ID } from '../state/customers.mts';
import type { World } from '../state/world.mts';

/** POST /blockUser and /unblockUser (1msg-contract-2.md section 2): only who wrote within the window can be blocked. */
export function block(body: JsonObject, world: World, isBlocked: boolean): Answer {
	const name = textOf(body.phone) ?? textOf(body.bsuid) ?? '';
	if (!/^\d{8,15}$/.test(name) && !USER_ID.test(name)) return json(400, { error: 'phone is required' });
	const customer = world.customers.find(name);
	if (isBlocked && !(customer && world.isWindowOpen(customer.key))) return json(400, { error: 'Only users who wrote in the last 24 hours can be blocked' });
	if (!isBlocked && !customer?.isBlocked) return json(400, { error: 'The user is not blocked' });
	if (customer) customer.isBlocked = isBlocked;
	return json(200, { result: 'success' });
}

/** GET /blockedUsers. */
export function blockedUsers({ customers }: World): Answer {
	const rows = customers.all.filter((customer) => customer.isBlocked).map((customer) => customers.namesOf(customer));
	return json(200, { blockedUsers: rows.map(({ phone, bsuid }) => ({ messaging_product: 'whatsapp', ...(phone !== null && { wa_id: phone }), user_id: bsuid })) });
}
