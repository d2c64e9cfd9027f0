import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A door on loopback to another port. Shut, nobody is let in, as with a load balancer while a service is not ready. */
export interface Gate {
	port: number;
	/** Cuts what is going through, too. */
	shut: () => void;
	open: () => Promise<void>;
}

/** Opens a gate to a port on loopback. */
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
