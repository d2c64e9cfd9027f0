import { textOf } from '../json';
import { isBsuid, isUsername } from './identity';

/** The first business-scoped user ID among a service's fields, plain or as a `...@lid` chat ID; null if none is one (1msg-contract-2.md, section 3). */
export function bsuidIn(...fields: readonly unknown[]): string | null {
	for (const field of fields) {
		const bsuid = textOf(field).trim().replace(/@lid$/, '');
		if (isBsuid(bsuid)) return bsuid;
	}
	return null;
}

/** The username in a service's field, with or without `@`; null if it has another form. */
export function usernameIn(field: unknown): string | null {
	const username = textOf(field).trim().replace(/^@/, '');
	return isUsername(username) ? username : null;
}

/** The username of a `...@username` chat ID; null for any other. */
export function usernameOfChat(chatId: string): string | null {
	return chatId.endsWith('@username') ? usernameIn(chatId.slice(0, -'@username'.length)) : null;
}
