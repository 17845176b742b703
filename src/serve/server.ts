import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { messageOf, UsageError } from '../model/errors.ts';
import { json, type Answer } from './answer.ts';
import { createTally, type ServeCounters, type Tally } from './counters.ts';
import { deliver, deliverReset } from './deliver.ts';
import { fateOf, isUniform, type Fate } from './faults.ts';
import { createRateLimit } from './limit.ts';
import { receive } from './receive.ts';
import { createRouter } from './routes.ts';
import type { ServeSettings } from './settings.ts';

/** A server that runs. */
export interface RehearsalServer {
  /** `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly counters: ServeCounters;
  /** Stops listening and cuts all connections; harmless when repeated. */
  close(): Promise<void>;
}

/**
 * The API server behind `bulkfetch serve` and `bulkfetch demo`: deterministic users and a few routes
 * for rehearsing, with latency, faults and a rate limit as wished. Throws a `UsageError` when it
 * cannot listen.
 */
export async function startServer(settings: ServeSettings): Promise<RehearsalServer> {
  // No timeout of its own: it would look like a fault that nobody asked for.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  const tally = createTally(server);
  server.on('request', createHandler(settings, tally));
  const { host } = settings;
  try {
    server.listen({ host, port: settings.port, backlog: 4096 });
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError(`cannot listen on ${host}, port ${settings.port}: ${messageOf(error)}`);
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    counters: tally.counters,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function createHandler(settings: ServeSettings, tally: Tally): Handler {
  const route = createRouter(settings.size);
  const judge = createJudge(settings);
  const limit = settings.rateLimit === undefined ? () => 0 : createRateLimit(settings.rateLimit);
  return (request, response) => {
    tally.begin(response);
    const { method = 'GET', url: target = '/', headers } = request;
    const waitSeconds = limit(performance.now());
    if (waitSeconds > 0) {
      tally.count('limited');
      deliver(response, json(429, { error: 'too many requests' }, ['Retry-After', String(waitSeconds)]));
      return;
    }
    const { delayMs, fault } = judge(method, target);
    receive(request, (body) => {
      const answer = body === undefined ? tooLong : route({ method, target, headers, body });
      hold(response, delayMs + (answer.delayMs ?? 0), () => {
        switch (fault?.kind) {
          case undefined:
            deliver(response, answer);
            break;
          case 'error':
            tally.count('errors');
            deliver(response, errorAnswer(fault.status, settings.retryAfterSeconds));
            break;
          case 'reset':
            tally.count('resets');
            deliverReset(response, answer, fault.when);
            break;
          default:
            fault satisfies never;
        }
      });
    });
  };
}

const tooLong = json(413, { error: 'request body too long' });

function errorAnswer(status: number, retryAfterSeconds: number | undefined): Answer {
  const headers =
    retryAfterSeconds === undefined ? [] : ['Retry-After', String(Math.ceil(retryAfterSeconds))];
  return json(status, { error: 'a fault that was asked for' }, headers);
}

/** Knows how often each target was asked for, as long as that matters: one entry for each. */
function createJudge(settings: ServeSettings): (method: string, target: string) => Fate {
  if (isUniform(settings)) {
    const fate: Fate = { delayMs: settings.latencyMs, fault: undefined };
    return () => fate;
  }
  const asked = new Map<string, number>();
  return (method, target) => {
    const key = `${method} ${target}`;
    const nth = (asked.get(key) ?? 0) + 1;
    asked.set(key, nth);
    return fateOf(settings, method, target, nth);
  };
}

/** A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Runs `then` after the delay, in this turn when there is none, and never when the client has gone. */
function hold(response: ServerResponse, delayMs: number, then: () => void): void {
  if (delayMs === 0) {
    then();
    return;
  }
  const timer = setTimeout(then, Math.min(delayMs, longestTimerMs));
  response.once('close', () => clearTimeout(timer));
}
