import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideRetry,
  isFreeRetry,
  type FailedAttempt,
  type RetryPolicy,
} from '../../../src/fetch/policy/retry.ts';
import { failure } from '../../../src/model/failure.ts';
import { resolveOptions } from '../../../src/model/options/options.ts';

const policy: RetryPolicy = resolveOptions();
const refused = failure('CONNECTION_REFUSED', '');
const reset = failure('CONNECTION_RESET', '');
const attempt: FailedAttempt = {
  failure: reset,
  status: undefined,
  method: 'GET',
  written: true,
  hasIdempotencyKey: false,
  retries: 0,
  elapsedMs: 100,
  retryAfterMs: undefined,
};
const answered = (status: number) => ({ failure: undefined, status });
const middle = () => 0.5;

describe('decideRetry', () => {
  it.each([
    ['a reset', {}, true],
    ['a refused connection', { failure: refused }, true],
    ['a bad certificate', { failure: failure('CERT_EXPIRED', '') }, false],
    ['a body that is too large', { failure: failure('BODY_TOO_LARGE', '') }, false],
    ['429', answered(429), true],
    ['503', answered(503), true],
    ['404', answered(404), false],
    ['501', answered(501), false],
    ['a failure after a head with 503', { failure: failure('BAD_RESPONSE', ''), status: 503 }, false],
    ['POST that may have arrived', { method: 'POST' }, false],
    ['PATCH that may have arrived', { method: 'PATCH' }, false],
    ['lower-case get, which is another method', { method: 'get' }, false],
    ['POST that was not sent', { method: 'POST', written: false }, true],
    ['POST with an Idempotency-Key', { method: 'POST', hasIdempotencyKey: true }, true],
    ['POST that was answered with 503', { method: 'POST', ...answered(503), retryAfterMs: 1 }, false],
    ['PUT', { method: 'PUT' }, true],
    ['DELETE', { method: 'DELETE' }, true],
    ['QUERY', { method: 'QUERY' }, true],
    ['the third retry', { retries: 2 }, true],
    ['the fourth retry', { retries: 3 }, false],
  ])('%s', (_, change, expected) => {
    expect(decideRetry({ ...attempt, ...change }, policy, middle) !== undefined).toBe(expected);
  });

  it('retries everything when it is told that this is safe', () => {
    const unsafe = { ...policy, retryUnsafe: true };
    expect(decideRetry({ ...attempt, method: 'POST' }, unsafe, middle)).toBe(500);
  });

  it('retries only causes of the list', () => {
    const only: RetryPolicy = { ...policy, retryOn: ['protocol', 404] };
    expect(decideRetry({ ...attempt, ...answered(404) }, only, middle)).toBe(500);
    expect(decideRetry({ ...attempt, failure: failure('BAD_RESPONSE', '') }, only, middle)).toBe(500);
    expect(decideRetry(attempt, only, middle)).toBeUndefined();
  });

  it.each([
    [0, 0.5, 500],
    [1, 0.5, 1_000],
    [2, 0.5, 2_000],
    [5, 0.5, 16_000],
    [6, 0.5, 30_000],
    [5_000, 0.5, 30_000],
    [0, 0, 250],
    [0, 0.999, 749.5],
    [6, 0, 15_000],
  ])('waits before retry %i, at random %d, %d ms', (retries, random, expected) => {
    const patient = { ...policy, retry: 10_000 };
    expect(decideRetry({ ...attempt, retries }, patient, () => random)).toBe(expected);
  });

  it.each([0, 5_000])('has no wait without a base delay, at retry %i', (retries) => {
    const eager = { ...policy, retry: 10_000, retryDelay: 0 };
    expect(decideRetry({ ...attempt, retries }, eager, middle)).toBe(0);
  });

  it.each([
    [10, 0.5, 500],
    [10_000, 0, 10_000],
    [10_000, 0.5, 10_250],
    [60_000, 0, 60_000],
  ])('with Retry-After %i ms, at random %d, waits %d ms', (retryAfterMs, random, expected) => {
    expect(decideRetry({ ...attempt, ...answered(503), retryAfterMs }, policy, () => random)).toBe(expected);
  });

  it.each([
    [1_000, 500, undefined, true],
    [1_000, 501, undefined, false],
    [1_000, 0, 1_001, false],
    [600_000, 0, 3_600_000, false],
    [0, 0, undefined, false],
  ])(
    'with a limit of %i ms, %i ms gone, Retry-After %s: %s',
    (retryMaxTime, elapsedMs, retryAfterMs, expected) => {
      const delayMs = decideRetry(
        { ...attempt, elapsedMs, retryAfterMs },
        { ...policy, retryMaxTime },
        middle,
      );
      expect(delayMs !== undefined).toBe(expected);
    },
  );

  it('never exceeds its limits', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const ms = fc.nat(1e7);
    fc.assert(
      fc.property(
        fc.record({ retries: fc.nat(2_000), elapsedMs: ms, retryAfterMs: fc.option(ms, { nil: undefined }) }),
        fc.record({
          retry: fc.nat(2_000),
          retryDelay: ms,
          retryMaxDelay: ms,
          retryMaxTime: ms,
          retryFactor: fc.double({ min: 1, max: 100, noNaN: true }),
        }),
        random,
        (change, limits, random) => {
          const delayMs = decideRetry({ ...attempt, ...change }, { ...policy, ...limits }, () => random);
          if (delayMs !== undefined) {
            expect(change.retries).toBeLessThan(limits.retry);
            expect(delayMs).toBeGreaterThanOrEqual(change.retryAfterMs ?? 0);
            expect(change.elapsedMs + delayMs).toBeLessThanOrEqual(limits.retryMaxTime);
            const longest = Math.max(
              limits.retryMaxDelay * 1.5,
              (change.retryAfterMs ?? 0) + limits.retryDelay,
            );
            expect(delayMs).toBeLessThanOrEqual(longest);
          }
        },
      ),
    );
  });
});

describe('isFreeRetry', () => {
  const dead = {
    failure: reset,
    method: 'GET',
    hasIdempotencyKey: false,
    written: true,
    reused: true,
    gotBytes: false,
    unprocessed: undefined,
    freeRetries: 0,
  };
  const post = { method: 'POST', reused: false };
  it.each<[string, Partial<Parameters<typeof isFreeRetry>[0]>, boolean]>([
    ['a kept connection that died', {}, true],
    ['closed instead of reset', { failure: failure('CONNECTION_CLOSED', '') }, true],
    ['a new connection', { reused: false }, false],
    ['after a byte of the answer', { gotBytes: true }, false],
    ['another failure', { failure: refused }, false],
    ['no file left for a socket', { failure: failure('TOO_MANY_OPEN_FILES', ''), reused: false }, true],
    ['POST', { method: 'POST' }, false],
    ['POST that was not sent', { method: 'POST', written: false }, true],
    ['POST with an Idempotency-Key', { method: 'POST', hasIdempotencyKey: true }, true],
    ['another of the same task', { freeRetries: 1 }, false],
    ['POST that the server refused', { ...post, unprocessed: 'refused' }, true],
    ['one that it refused twice', { ...post, unprocessed: 'refused', freeRetries: 1 }, false],
    ['one that it has not come to', { ...post, unprocessed: 'passed over', freeRetries: 9 }, true],
    ['one that it never comes to', { ...post, unprocessed: 'passed over', freeRetries: 10 }, false],
  ])('%s: %s', (_, change, expected) => {
    expect(isFreeRetry({ ...dead, ...change })).toBe(expected);
  });
});
