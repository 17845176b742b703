import { once } from 'node:events';
import { forms, parseBytes, parseDuration, parseRate, parseShare } from '../../model/units.ts';
import { startServer } from '../../serve/server.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { parseValue, parseWhole } from '../values.ts';

/** The flags of `bulkfetch serve`, as text. */
export interface ServeFlags {
  readonly host: string;
  readonly port: string;
  readonly latency: string;
  readonly jitter: string;
  readonly errorRate: string;
  readonly resetRate: string;
  readonly retryAfter?: string;
  readonly rateLimit?: string;
  readonly size: string;
  readonly seed: string;
}

/** `bulkfetch serve`: listens until it is told to stop. */
export async function serveCommand(flags: ServeFlags): Promise<ExitStatus> {
  const retryAfterMs = optional(flags.retryAfter, (text) => duration('--retry-after', text));
  const server = await startServer({
    host: flags.host,
    port: parseWhole('--port', flags.port, 'a port from 0 to 65535', (value) => value <= 65_535),
    latencyMs: duration('--latency', flags.latency),
    jitterMs: duration('--jitter', flags.jitter),
    errorRate: share('--error-rate', flags.errorRate),
    resetRate: share('--reset-rate', flags.resetRate),
    retryAfterSeconds: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000),
    rateLimit: optional(flags.rateLimit, (text) => parseValue('--rate-limit', text, parseRate, forms.rate)),
    size: parseValue('--size', flags.size, parseBytes, forms.bytes),
    seed: parseWhole('--seed', flags.seed, 'a whole number', () => true),
  });
  process.stderr.write(`listening on ${server.url} (Ctrl-C ends it); try ${server.url}/users/1\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const { requests } = server.counters;
  await server.close();
  process.stderr.write(`served ${requests} ${requests === 1 ? 'request' : 'requests'}\n`);
  return exitStatus.ok;
}

function optional<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

function duration(flag: string, text: string): number {
  return parseValue(flag, text, parseDuration, forms.duration);
}

function share(flag: string, text: string): number {
  return parseValue(flag, text, (value) => within1(parseShare(value)), `${forms.share}, at most 100%`);
}

function within1(value: number | undefined): number | undefined {
  return value !== undefined && value <= 1 ? value : undefined;
}
