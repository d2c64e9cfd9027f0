import { type Answer, json } from '../http/answer.mts';
import type { JsonObject } from '../json.mts';
import type { World } from '../state/world.mts';

const PROFILE_FIELDS = ['about', 'address', 'description', 'email', 'photo', 'vertical', 'websites'];
const MAX_DESCRIPTION_LENGTH = 256;

/** GET /status (1msg-contract-2.md section 1.8). A warning tells that WhatsApp's own health check was out of reach. */
export function channelStatus({ settings }: World): Answer {
	const { channelStatus: status, mmLiteAvailable, healthWarning, healthWarningKey } = settings;
	return json(200, {
		isCloud: true,
		status,
		accountStatus: 'authenticated',
		mm_lite_available: mmLiteAvailable,
		...(healthWarning !== null && { [healthWarningKey]: healthWarning }),
	});
}

/** GET /mmLiteStatus. */
export function mmLiteStatus({ settings: { mmLiteAvailable: available } }: World): Answer {
	const message = available ? 'Marketing Messages API is available' : 'Marketing Messages API terms are not signed';
	return json(200, { available, status: available ? 'ONBOARDED' : 'NOT_ONBOARDED', message });
}

/** POST /me: 422 with nothing to change. */
export function changeProfile(body: JsonObject, { profile }: World): Answer {
	const changes = PROFILE_FIELDS.filter((field) => body[field] !== undefined);
	if (changes.length === 0) return json(422, { error: 'Nothing to update' });
	if (String(body.description ?? '').length > MAX_DESCRIPTION_LENGTH) return json(400, { error: `description is longer than ${MAX_DESCRIPTION_LENGTH} characters` });
	for (const field of changes) profile[field] = body[field];
	return json(200, { result: 'success' });
}
