import { once } from 'node:events';
import type { Server } from 'node:net';

/** Listens on a free port, which it returns. Hosts are loopback: 127.0.0.1, 127.0.0.2 and so on. */
export async function listen(server: Server, host: string): Promise<number> {
  server.listen({ host, port: 0, backlog: 4096 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`not a TCP server: ${address}`);
  }
  return address.port;
}
