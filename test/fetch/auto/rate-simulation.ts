import { LearnedRate } from '../../../src/fetch/auto/learned-rate.ts';
import { mulberry32 } from '../../../src/serve/random.ts';
import type { Milliseconds } from '../../../src/model/units.ts';

/** Whether a request that arrives now may pass. */
export type Gate = (now: Milliseconds) => boolean;

/** A server that allows so many a second, and a client with an endless list. */
export interface RateWorld {
  readonly gate: Gate;
  readonly latencyMs: Milliseconds;
  /** What `Retry-After` asks for; 0: there is none. */
  readonly retryAfterMs: Milliseconds;
  /** In flight at once. */
  readonly limit: number;
  readonly lengthMs: Milliseconds;
  /** What is before is not counted. */
  readonly warmUpMs?: Milliseconds;
}

/** What passed and what did not. */
export interface RateOutcome {
  readonly perSecond: number;
  readonly refusedShare: number;
  readonly refusals: readonly Milliseconds[];
}

/** A token bucket that holds at most `burst`. */
export function tokenBucket(rate: number, burst: number): Gate {
  let [tokens, last] = [burst, 0];
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - last) * rate) / 1000);
    last = now;
    const passes = tokens >= 1;
    tokens -= passes ? 1 : 0;
    return passes;
  };
}

/** So many in each second of the clock. */
export function fixedWindow(rate: number, offsetMs: Milliseconds = 300): Gate {
  let [second, count] = [-1, 0];
  return (now) => {
    const current = Math.floor((now + offsetMs) / 1000);
    count = current === second ? count : 0;
    second = current;
    return ++count <= rate;
  };
}

/** So many in any second. */
export function slidingWindow(rate: number): Gate {
  const passed: Milliseconds[] = [];
  return (now) => {
    while (passed.length > 0 && passed[0]! <= now - 1000) {
      passed.shift();
    }
    const passes = passed.length < rate;
    if (passes) {
      passed.push(now);
    }
    return passes;
  };
}

/** Steps through a world by milliseconds: timers of a real client are no finer. */
export function simulateRate(world: RateWorld): RateOutcome {
  const random = mulberry32(1);
  const rate = new LearnedRate();
  const flights: {
    readonly startedAt: Milliseconds;
    readonly endsAt: Milliseconds;
    readonly passes: boolean;
  }[] = [];
  const refusals: Milliseconds[] = [];
  let [pausedUntil, passed, refused] = [0, 0, 0];
  for (let now = 1; now <= world.lengthMs; now++) {
    for (let at = flights.length - 1; at >= 0; at--) {
      const { startedAt, endsAt, passes } = flights[at]!;
      if (endsAt > now) {
        continue;
      }
      flights.splice(at, 1);
      const counts = now > (world.warmUpMs ?? 0);
      if (passes) {
        passed += counts ? 1 : 0;
        rate.accepted(startedAt, now);
      } else {
        refused += counts ? 1 : 0;
        const pauseMs = rate.refused(startedAt, now, world.retryAfterMs);
        if (pauseMs !== undefined) {
          refusals.push(now);
          pausedUntil = now + pauseMs;
        }
      }
    }
    if (now >= pausedUntil) {
      while (flights.length < world.limit && (rate.pace?.wait(now) ?? 0) === 0) {
        rate.pace?.take(now);
        const latencyMs = Math.max(1, world.latencyMs * (0.9 + 0.2 * random()));
        flights.push({ startedAt: now, endsAt: now + latencyMs, passes: world.gate(now) });
      }
    }
  }
  const seconds = (world.lengthMs - (world.warmUpMs ?? 0)) / 1000;
  return { perSecond: passed / seconds, refusedShare: refused / (passed + refused), refusals };
}
