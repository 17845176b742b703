import type { Socket } from 'node:net';
import { ExchangeClock } from '../../../src/fetch/clock.ts';
import { Connection, createTurn } from '../../../src/fetch/http/connection.ts';
import {
  createConnector,
  type Connect,
  type ConnectorSettings,
  type Endpoint,
} from '../../../src/fetch/http/connector.ts';
import type { RequestSpec } from '../../../src/model/task.ts';

/** How an exchange ended. */
export type Outcome =
  { readonly status: number; readonly body: string } | { readonly error: Error | undefined };

/** A connection under test, and all that it told. */
export interface Exchanger {
  readonly connection: Connection;
  readonly clock: ExchangeClock;
  /** The names of the calls to its owner, since the last `send`. */
  readonly told: string[];
  /** The sockets that it opened, the last one at the end. */
  readonly sockets: readonly Socket[];
  /** Sends a request; resolves in the call that tells of its end. */
  send(path?: string, request?: Partial<RequestSpec>): Promise<Outcome>;
}

const get: RequestSpec = { method: 'GET', headers: [], body: undefined };

/** A connection to that endpoint. Throws when it has a second socket before the first is closed. */
export function exchanger(endpoint: Endpoint, connect: Connect): Exchanger {
  const clock = new ExchangeClock();
  const told: string[] = [];
  const sockets: Socket[] = [];
  let status = 0;
  let body = '';
  let settle: ((outcome: Outcome) => void) | undefined;
  const connection = new Connection(
    endpoint,
    (to, events) => {
      if (sockets.at(-1)?.closed === false) {
        throw new Error('two sockets at a time');
      }
      const socket = connect(to, events);
      sockets.push(socket);
      return socket;
    },
    createTurn(),
    {
      clock,
      onConnecting: () => {},
      onConnected: () => void told.push('connected'),
      onBytes: () => void told.push('bytes'),
      onHead: (code) => {
        told.push('head');
        status = code;
      },
      onBody: (bytes) => {
        told.push('body');
        body += bytes.toString('latin1');
      },
      onEnd: () => {
        told.push('end');
        settle?.({ status, body });
      },
      onError: (error) => {
        told.push('error');
        settle?.({ error });
      },
      onGone: () => void told.push('gone'),
    },
  );
  const send = (path = '/', request: Partial<RequestSpec> = get) => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    settle = resolve;
    status = 0;
    body = '';
    told.length = 0;
    clock.start(performance.now(), false);
    connection.send(path, request === get ? get : { ...get, ...request });
    return promise;
  };
  return { connection, clock, told, sockets, send };
}

/** The same to a server on this machine, over real sockets. */
export function exchangerTo(
  port: number,
  { hostname = '127.0.0.1', isSecure = false, ...settings }: Partial<Endpoint & ConnectorSettings> = {},
): Exchanger {
  const host = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
  return exchanger({ isSecure, hostname, port, host }, createConnector({ insecure: false, ...settings }));
}
