import type { ServerResponse } from 'node:http';
import type { Changes } from '../state/changes.mts';

/** Answers with server-sent events: one `change` without content at the start and after every change, until the reader leaves. */
export function streamChanges(response: ServerResponse, changes: Changes): void {
	response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
	const tell = () => {
		// A reader that lags behind needs to hear of a change only once.
		if (!response.writableNeedDrain) response.write('event: change\ndata:\n\n');
	};
	const stop = changes.watch(tell);
	response.once('close', stop);
	tell();
}
