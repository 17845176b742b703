import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { listen } from './listen.ts';
import { requestBytes } from './request-bytes.ts';
import { watchSockets, type SocketWatch } from './sockets.ts';

/** How a proxy behaves. */
export interface ProxyOptions {
  /** It wants to be spoken to over TLS. */
  readonly tls?: ServerOptions;
  /** Told of each TLS connection to it. */
  readonly onSecure?: (socket: TLSSocket) => void;
  /** It lets nobody through but `user:password`. */
  readonly credentials?: string;
  /** How it answers every CONNECT: a status of HTTP, a reply of SOCKS. */
  readonly refuses?: number;
}

/** A proxy that runs. Names are all taken for 127.0.0.1, so that only the proxy can have resolved them. */
export interface TestProxy extends AsyncDisposable {
  /** `127.0.0.1:40123`. */
  readonly host: string;
  readonly port: number;
  readonly sockets: SocketWatch;
  /** What it was asked for, in order: `GET http://…/path`, `CONNECT host:port`. */
  readonly asked: readonly string[];
}

/** Starts a proxy that forwards requests (RFC 9112, 3.2.2) and opens tunnels (RFC 9110, 9.3.6). */
export async function httpProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const mayPass = ({ method, url, headers }: IncomingMessage) => {
    asked.push(`${method} ${url}`);
    return wanted === undefined || headers['proxy-authorization'] === wanted;
  };

  const forward = (request: IncomingMessage, response: ServerResponse) => {
    if (!mayPass(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const { port, pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = httpRequest(
      { host: '127.0.0.1', port, path: pathname + search, method: request.method, headers, agent: false },
      (answer) => {
        const { connection: _, 'keep-alive': __, ...fields } = answer.headers; // these are not for the client
        response.writeHead(answer.statusCode ?? 0, fields);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  };

  const server = options.tls === undefined ? createServer(forward) : createTlsServer(options.tls, forward);
  server.on('secureConnection', (socket: TLSSocket) => options.onSecure?.(socket));
  server.keepAliveTimeout = 0;
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const status = mayPass(request) ? options.refuses : 407;
    if (status === undefined) {
      const port = Number(/\d+$/.exec(request.url ?? '')?.[0]);
      // As many proxies still say it.
      join(socket, port, 'HTTP/1.0 200 Connection established\r\n\r\n', 'HTTP/1.1 502 No\r\n\r\n');
    } else {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`);
    }
  });
  return running(server, asked);
}

/** Starts a SOCKS 5 proxy (RFC 1928, RFC 1929). */
export async function socksProxy({ credentials, refuses }: ProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createTcpServer((socket) => void serve(socket));

  async function serve(socket: Socket): Promise<void> {
    const read = requestBytes(socket);
    const [, count = 0] = await read(2);
    const methods = await read(count);
    const method = credentials === undefined ? 0 : 2;
    if (!methods.includes(method)) {
      socket.end(Buffer.from([5, 0xff]));
      return;
    }
    socket.write(Buffer.from([5, method]));
    if (credentials !== undefined) {
      const [, userLength = 0] = await read(2);
      const user = String(await read(userLength));
      const [passwordLength = 0] = await read(1);
      const isRight = `${user}:${String(await read(passwordLength))}` === credentials;
      socket.write(Buffer.from([1, isRight ? 0 : 1]));
      if (!isRight) {
        socket.end();
        return;
      }
    }
    const [, , , type] = await read(4);
    const host = await readHost(read, type);
    const port = (await read(2)).readUInt16BE();
    asked.push(`CONNECT ${host}:${port}`);
    const reply = (code: number) => Buffer.from([5, code, 0, 3, 4, ...Buffer.from('here'), 0, 80]);
    if (refuses === undefined) {
      join(socket, port, reply(0), reply(5));
    } else {
      socket.end(reply(refuses));
    }
  }

  return running(server, asked);
}

async function readHost(
  read: (length: number) => Promise<Buffer>,
  type: number | undefined,
): Promise<string> {
  if (type === 3) {
    const [length = 0] = await read(1);
    return String(await read(length));
  }
  const bytes = await read(type === 1 ? 4 : 16);
  return type === 1 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

/** Lets bytes pass between a client and that port of 127.0.0.1, when it has been told the one or the other. */
function join(client: Duplex, port: number, opened: string | Buffer, failed: string | Buffer): void {
  const onward = connect({ port, host: '127.0.0.1', noDelay: true });
  onward.once('connect', () => {
    client.write(opened);
    onward.pipe(client);
    client.pipe(onward);
  });
  onward.once('error', () => client.end(failed));
  client.on('error', () => {}); // clients that reset are part of the tests
  client.once('close', () => onward.destroy());
  onward.once('close', () => client.end());
}

async function running(server: Server, asked: readonly string[]): Promise<TestProxy> {
  const sockets = watchSockets(server);
  const port = await listen(server, '127.0.0.1');
  return { host: `127.0.0.1:${port}`, port, sockets, asked, [Symbol.asyncDispose]: () => sockets.close() };
}
