import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A switchable local forward to another port. Closed, it accepts no connection, like a load balancer while a service isn't ready. */
export interface Gate {
	port: number;
	/** Also cuts open connections. */
	shut: () => void;
	open: () => Promise<void>;
}

/** Starts a gate to a local port. */
export async function openGate(target: number): Promise<Gate> {
	const sockets = new Set<Socket>();
	const server = createServer((outside) => {
		const inside = connect(target, '127.0.0.1');
		for (const [one, other] of [[outside, inside], [inside, outside]] as const) {
			sockets.add(one);
			one.on('error', () => other.destroy());
			one.on('close', () => {
				sockets.delete(one);
				other.destroy();
			});
			one.pipe(other);
		}
	});
	const listen = async (port: number) => {
		server.listen(port, '127.0.0.1');
		await once(server, 'listening');
		return (server.address() as AddressInfo).port;
	};
	const port = await listen(0);
	return {
		port,
		shut: () => {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
		open: async () => void (await listen(port)),
	};
}
