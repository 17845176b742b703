import type { Bytes, Milliseconds, PerSecond } from '../model/units.ts';

/** How the rehearsal server behaves. Complete: what is undefined is switched off. */
export interface ServeSettings {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Every answer is held back this long. */
  readonly latencyMs: Milliseconds;
  /** Spread of the latency: uniform between `latencyMs - jitterMs` and `latencyMs + jitterMs`. */
  readonly jitterMs: Milliseconds;
  /** Share of requests, 0 to 1, answered with 500, 502 or 503. */
  readonly errorRate: number;
  /** Share of requests, 0 to 1, whose connection is reset: half before the answer, half within it. */
  readonly resetRate: number;
  /** When set, those errors are all 503 with this `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  /** What is above it is answered with 429 and `Retry-After`; a burst of one second's worth passes. */
  readonly rateLimit: PerSecond | undefined;
  /** Length of a user's JSON; one that would not hold the fields (about 350 bytes) is exceeded. */
  readonly size: Bytes;
  /** Which requests fail: two runs with one seed fail the same ones. */
  readonly seed: number;
}

/** A fast server without faults, on a free port of this machine. */
export const serveDefaults: ServeSettings = {
  host: '127.0.0.1',
  port: 0,
  latencyMs: 0,
  jitterMs: 0,
  errorRate: 0,
  resetRate: 0,
  retryAfterSeconds: undefined,
  rateLimit: undefined,
  size: 1024,
  seed: 1,
};
