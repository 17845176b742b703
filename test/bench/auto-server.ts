/**
 * A server whose capacity its clients do not know; `node auto-server.ts KIND …` prints its port, and
 * on SIGTERM what it refused. Its clock starts with the first request.
 *
 *   capacity WORKERS MS  THEN_WORKERS THEN_MS AFTER_MS   others wait in line; times vary by a fifth
 *   limit RATE BURST MS RETRY_AFTER                      429 beyond; RETRY_AFTER 0: no such field
 */
import { createServer, type ServerResponse } from 'node:http';

const [kind, ...numbers] = process.argv.slice(2);
const [a = 0, b = 0, c = 0, d = 0, e = 0] = numbers.map(Number);
const handle = kind === 'capacity' ? capacity(a, b, c, d, e) : limit(a, b, c, d);

let startedAt: number | undefined;
const counts = { passed: 0, refused: 0 };
const server = createServer((_request, response) => {
  startedAt ??= performance.now();
  response.setHeader('content-type', 'application/json');
  handle(response, performance.now() - startedAt);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.once('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  process.exit();
});

function answer(response: ServerResponse): void {
  counts.passed++;
  response.end('{"ok":true}');
}

/** So many at once, each for a time; half way there are others, or the time is another. */
function capacity(workers: number, ms: number, thenWorkers: number, thenMs: number, afterMs: number) {
  let [most, serviceMs, busy] = [workers, ms, 0];
  const line: ServerResponse[] = [];
  const serve = (): void => {
    while (busy < most && line.length > 0) {
      const response = line.shift()!;
      busy++;
      const varied = serviceMs * (0.8 + 0.4 * Math.random());
      setTimeout(() => {
        busy--;
        answer(response);
        serve();
      }, varied);
    }
  };
  return (response: ServerResponse, elapsedMs: number): void => {
    if (elapsedMs > afterMs) {
      [most, serviceMs] = [thenWorkers, thenMs];
    }
    line.push(response);
    serve();
  };
}

/** A token bucket. */
function limit(rate: number, burst: number, latencyMs: number, retryAfterSeconds: number) {
  let [tokens, last] = [burst, 0];
  return (response: ServerResponse, elapsedMs: number): void => {
    tokens = Math.min(burst, tokens + ((elapsedMs - last) * rate) / 1000);
    last = elapsedMs;
    if (tokens < 1) {
      counts.refused++;
      response.statusCode = 429;
      if (retryAfterSeconds > 0) {
        response.setHeader('retry-after', String(retryAfterSeconds));
      }
      response.end();
      return;
    }
    tokens--;
    setTimeout(() => answer(response), latencyMs);
  };
}
