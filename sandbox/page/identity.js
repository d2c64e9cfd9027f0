import { act } from './api.js';
import { byId, setText } from './dom.js';
import { who } from './words.js';

let customer;

/** Sets up the dialog in which a customer takes a username and hides the phone. */
export function setUpIdentity() {
	const dialog = byId('identity');
	byId('identity-close').addEventListener('click', () => dialog.close());
	byId('identity-form').addEventListener('submit', async (event) => {
		event.preventDefault();
		const username = byId('identity-username').value.trim();
		const hidesPhone = byId('identity-hides').checked;
		const saved = await act('POST', 'customers', { ...who(customer.key), username: username === '' ? null : username, hidesPhone }, said);
		if (saved) dialog.close();
	});
}

/** Opens the dialog for a customer. */
export function openIdentity(chosen) {
	customer = chosen;
	byId('identity-username').value = customer.username ?? '';
	byId('identity-hides').checked = customer.hidesPhone;
	byId('identity-hides').disabled = customer.phone === null;
	setText(byId('identity-id'), customer.bsuid);
	byId('identity').showModal();
}

function said({ username, hidesPhone }) {
	const name = username === null ? 'the user ID' : `@${username}`;
	return hidesPhone ? `The shop knows this customer by ${name} alone` : 'The shop knows this phone';
}
