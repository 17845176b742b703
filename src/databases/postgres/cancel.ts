import { connect } from 'node:net';
import type { Client } from './connection.ts';

/**
 * Asks the server to stop what a connection is doing there: without that it goes on for hours with what nobody
 * reads any more. As `psql` does, by a connection of its own, in the clear, and without an answer. Resolves
 * when it has been asked, or is not there.
 */
export async function cancel(client: Client): Promise<void> {
  const { host, port, processID, secretKey } = client as Client & Secrets;
  if (typeof processID !== 'number' || typeof secretKey !== 'number') {
    return; // it does not stand yet
  }
  const message = Buffer.alloc(16);
  [message.length, cancelCode, processID, secretKey].forEach((field, i) =>
    message.writeInt32BE(field, 4 * i),
  );
  const place = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const socket = connect({ ...place, timeout: 1000 });
  socket.on('error', () => {}); // a server that is away does nothing for us either
  socket.on('timeout', () => socket.destroy());
  socket.resume().end(message);
  // Not by `once`, which rejects for an error.
  await new Promise((resolve) => void socket.once('close', resolve));
}

/** What the types of `pg` leave out: how the server knows the connection. */
interface Secrets {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

const cancelCode = 80_877_102;
