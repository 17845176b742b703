import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from './listen.ts';

/** A wire to a server that can be cut. */
export interface CuttableProxy extends AsyncDisposable {
  /** That of the server, by way of the proxy. */
  readonly url: string;
  readonly port: number;
  /** Open now, and all that were ever accepted. */
  readonly open: number;
  readonly total: number;
  /** Bytes that have gone to the server, and that have come from it. */
  readonly sent: number;
  readonly received: number;
  /** Resets all that are open. */
  cut(): void;
  /** Resets all when so many more bytes have gone to the server; those have arrived there. Once. */
  cutAfterSending(bytes: number): void;
  /** The same with bytes that have come from the server, and which have arrived at the client. */
  cutAfterReceiving(bytes: number): void;
  /** Cuts, and refuses connections as a server that is down does. */
  refuse(): Promise<void>;
  /** Takes connections again. */
  accept(): Promise<void>;
  /** Lets nothing pass any more in those that are open, without a word to either side. */
  stall(): void;
}

/** Puts a proxy in front of the server of a URL, which names host and port, whatever it speaks. */
export async function cuttableProxy(url: string): Promise<CuttableProxy> {
  const { hostname, port: serverPort } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const counts = { total: 0, sent: 0, received: 0 };
  let cutAt = { sent: Infinity, received: Infinity };

  const server = createServer({ noDelay: true }, (client) => {
    counts.total++;
    const onward = connect({ port: Number(serverPort), host: hostname, noDelay: true });
    const pair = [client, onward] as const;
    pairs.add(pair);
    pass(client, onward, 'sent');
    pass(onward, client, 'received');
    for (const socket of pair) {
      socket.on('error', () => {}); // being cut is what it is for
      socket.once('close', () => {
        pairs.delete(pair);
        pair.forEach((one) => one.destroy());
      });
    }
  });

  function pass(from: Socket, to: Socket, count: 'sent' | 'received'): void {
    from.on('data', (bytes: Buffer) => {
      const before = cutAt[count] - counts[count];
      counts[count] += bytes.length;
      if (bytes.length < before) {
        to.write(bytes);
      } else {
        cutAt = { ...cutAt, [count]: Infinity };
        to.write(bytes.subarray(0, before), () => cut());
      }
    });
    from.once('end', () => to.end());
  }

  function cut(): void {
    for (const [client, onward] of pairs) {
      client.resetAndDestroy();
      onward.destroy();
    }
  }

  async function refuse(): Promise<void> {
    if (server.listening) {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    }
  }

  const port = await listen(server, '127.0.0.1');
  return {
    url: url.replace(`${hostname}:${serverPort}`, `127.0.0.1:${port}`),
    port,
    get open() {
      return pairs.size;
    },
    get total() {
      return counts.total;
    },
    get sent() {
      return counts.sent;
    },
    get received() {
      return counts.received;
    },
    cut,
    cutAfterSending: (bytes) => void (cutAt = { ...cutAt, sent: counts.sent + bytes }),
    cutAfterReceiving: (bytes) => void (cutAt = { ...cutAt, received: counts.received + bytes }),
    refuse,
    async accept() {
      server.listen({ port, host: '127.0.0.1' });
      await once(server, 'listening');
    },
    stall() {
      for (const socket of [...pairs].flat()) {
        socket.pause();
      }
    },
    [Symbol.asyncDispose]: refuse,
  };
}
