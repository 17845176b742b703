import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { createFlights, type Flights } from './flights.ts';
import { listen } from './listen.ts';
import { watchSockets, type SocketWatch } from './sockets.ts';

/** A whole answer. The default is a 200 without a body. */
export interface Canned {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** A request, read to its end. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/**
 * An answer, or what makes one. `hit` counts the requests for the path from 1. What returns nothing
 * answers by itself, or leaves the request hanging.
 */
export type ScriptedRoute =
  Canned | ((request: Received, response: ServerResponse, hit: number) => Answered | Promise<Answered>);
type Answered = Canned | undefined | void;

/** Routes by path without the query; `*` stands for every other path, which else gets a 404. */
export type ScriptedRoutes = Readonly<Record<string, ScriptedRoute>>;

/** Where it listens, and with which certificate when it speaks TLS. */
export interface ScriptedOptions {
  readonly host?: string;
  readonly tls?: ServerOptions;
}

/** A server that runs, and what it has seen. The counts are live. */
export interface ScriptedServer extends AsyncDisposable {
  /** `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly sockets: SocketWatch;
  /** Requests that came and are neither answered nor given up, overall and by `Host` header. */
  readonly flights: Flights;
  /** All requests that came whole, in order of their ends. */
  readonly received: readonly Received[];
  /** How often a path (without query) was asked for. */
  hits(path: string): number;
  close(): Promise<void>;
}

/** Starts a server on a free port that answers as the test wants it. */
export async function scriptedServer(
  routes: ScriptedRoutes,
  options: ScriptedOptions = {},
): Promise<ScriptedServer> {
  const { host = '127.0.0.1', tls } = options;
  const flights = createFlights();
  const received: Received[] = [];
  const hits = new Map<string, number>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: target = '/', headers, rawHeaders } = request;
    response.once('close', flights.take(headers.host ?? ''));
    const path = target.split('?', 1)[0]!;
    const hit = (hits.get(path) ?? 0) + 1;
    hits.set(path, hit);
    const body = await text(request).catch(() => undefined);
    if (body === undefined) {
      return; // the client went away
    }
    const whole: Received = { method, target, headers, rawHeaders, body };
    received.push(whole);
    const route = routes[path] ?? routes['*'] ?? { status: 404 };
    const canned = typeof route === 'function' ? await route(whole, response, hit) : route;
    if (canned !== undefined) {
      send(response, canned);
    }
  }

  // A route that throws, or whose expectation fails, is an unhandled rejection: vitest reports it.
  const onRequest: RequestListener = (request, response) => void answer(request, response);
  const timeouts = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
  const server =
    tls === undefined
      ? createServer(timeouts, onRequest)
      : createTlsServer({ ...timeouts, ...tls }, onRequest);
  const sockets = watchSockets(server);
  const port = await listen(server, host);
  const close = () => sockets.close();
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    sockets,
    flights,
    received,
    hits: (path) => hits.get(path) ?? 0,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function send(response: ServerResponse, answer: Canned): void {
  response.statusCode = answer.status ?? 200;
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    response.setHeader(name, value);
  }
  response.end(answer.body);
}
