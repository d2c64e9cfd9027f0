import { pidOfN8n } from '../../../harness/n8n/running.mts';

/** Signals the n8n of a user folder running this command, bypassing its supervisor (Linux). */
export async function signalN8n(userFolder: string, signal: NodeJS.Signals, command = 'start'): Promise<void> {
	process.kill(await pidOfN8n(userFolder, command), signal);
}
