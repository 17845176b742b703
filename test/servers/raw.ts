import { createServer, type Socket } from 'node:net';
import { listen } from './listen.ts';
import { watchSockets, type SocketWatch } from './sockets.ts';

/** What is done to a connection; `connection` counts them from 1. The acts of `acts.ts` are such. */
export type Act = (socket: Socket, connection: number) => void | Promise<void>;

/** A server that speaks bytes. */
export interface RawServer extends AsyncDisposable {
  /** `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly sockets: SocketWatch;
  close(): Promise<void>;
}

/**
 * Starts a server on a free port that does `handler` to each connection, for answers that no HTTP
 * library would give: `rawServer(onRequest(send('HTTP/1.1 200 OK\r\nContent-Le'), reset()))`.
 * A handler that throws is an unhandled rejection, which vitest reports.
 */
export async function rawServer(handler: Act, host = '127.0.0.1'): Promise<RawServer> {
  const server = createServer({ noDelay: true });
  const sockets = watchSockets(server);
  server.on('connection', (socket) => {
    // Flowing, so that the end of the client is noticed whatever the handler does.
    socket.resume();
    void (async () => handler(socket, sockets.total))();
  });
  const port = await listen(server, host);
  const close = () => sockets.close();
  return { url: `http://${host}:${port}`, port, sockets, close, [Symbol.asyncDispose]: close };
}
