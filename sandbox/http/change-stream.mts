import type { ServerResponse } from 'node:http';
import type { Changes } from '../state/changes.mts';

/** Streams server-sent events: an empty `change` at the start and after every change, until the client disconnects. */
export function streamChanges(response: ServerResponse, changes: Changes): void {
	response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
	const tell = () => {
		// A slow client needs only one pending event.
		if (!response.writableNeedDrain) response.write('event: change\ndata:\n\n');
	};
	const stop = changes.watch(tell);
	response.once('close', stop);
	tell();
}
