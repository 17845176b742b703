import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import { faultOf } from './faults.ts';

export type { Client };

/** Connects, once. `onLost` is told when the connection is gone, for whatever reason. */
export async function connect(config: ClientConfig, onLost: (client: Client) => void): Promise<Client> {
  const client = new Client(config);
  client.on('error', () => onLost(client)); // whoever is using it hears of it by what it called
  client.on('end', () => onLost(client));
  try {
    await client.connect();
    return client;
  } catch (error) {
    cut(client);
    throw faultOf(error, 'connecting');
  }
}

/** Ends it at once, whatever it is doing. */
export function cut(client: Client): void {
  client.connection.stream.destroy();
}

/** How much it has read and written so far. */
export function bytesOf(client: Client): number {
  const { stream } = client.connection;
  return stream instanceof Socket ? stream.bytesRead + stream.bytesWritten : 0;
}

/** Ends it in an orderly way, unless the server does not listen. */
export async function part(client: Client): Promise<void> {
  const timer = setTimeout(cut, partMs, client);
  await client.end();
  clearTimeout(timer);
}

const partMs = 1000;
