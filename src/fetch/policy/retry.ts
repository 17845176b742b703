import { backoffDelay } from '../../model/backoff.ts';
import type { Failure } from '../../model/failure.ts';
import { idempotentMethods } from '../../model/methods.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { Unprocessed } from '../http/channel.ts';

/** An attempt that did not succeed, as far as it matters to whether there is another. */
export interface FailedAttempt {
  /** Why there was no whole answer; undefined when there was one. */
  readonly failure: Failure | undefined;
  /** The status of the answer, when there was one. */
  readonly status: number | undefined;
  readonly method: string;
  /** The request may have reached the server. */
  readonly written: boolean;
  /** An `Idempotency-Key` was sent, so that the server takes a repetition for one. */
  readonly hasIdempotencyKey: boolean;
  /** Retries so far, this one not included. */
  readonly retries: number;
  /** Since the first attempt started. */
  readonly elapsedMs: Milliseconds;
  /** What the answer's `Retry-After` asked for. */
  readonly retryAfterMs: Milliseconds | undefined;
}

/** The options that say when to retry. */
export type RetryPolicy = Pick<
  ResolvedOptions,
  'retry' | 'retryDelay' | 'retryMaxDelay' | 'retryFactor' | 'retryOn' | 'retryMaxTime' | 'retryUnsafe'
>;

/**
 * How long to wait before the next attempt, in milliseconds, or undefined: no further one. The wait
 * is exponential with a cap, times a jitter of 0.5 to 1.5, so that tasks that failed together do not
 * come back together. A `Retry-After` is a minimum, to which the jitter adds up to one base delay.
 * `random` gives numbers in [0, 1).
 */
export function decideRetry(
  attempt: FailedAttempt,
  policy: RetryPolicy,
  random: () => number,
): Milliseconds | undefined {
  if (attempt.retries >= policy.retry || !isWorthwhile(attempt, policy) || !isSafe(attempt, policy)) {
    return undefined;
  }
  const delayMs = delay(attempt, policy, random());
  return attempt.elapsedMs + delayMs > policy.retryMaxTime ? undefined : delayMs;
}

/** Free retries of a task that one session after the other has passed over. */
const mostPassedOver = 10;

/**
 * A kept connection that dies without a byte of answer was most likely closed by the server just
 * when the request was sent: the task deserves another connection at once, at no cost (RFC 9112, 9.3.1).
 * So does one of which an HTTP/2 server did nothing (RFC 9113, 8.7), and one that a limit of this
 * machine left without a connection, for the run keeps to that limit from then on. One such retry of a
 * task is free; more, when it is sessions that end: nginx ends each after a thousand requests.
 */
export function isFreeRetry(attempt: {
  readonly failure: Failure;
  readonly method: string;
  readonly hasIdempotencyKey: boolean;
  readonly written: boolean;
  /** The exchange went over a connection that an earlier one had used. */
  readonly reused: boolean;
  readonly gotBytes: boolean;
  /** The server has said that it did nothing of the request. */
  readonly unprocessed: Unprocessed | undefined;
  /** Those that the task has had. */
  readonly freeRetries: number;
}): boolean {
  const { failure, method, hasIdempotencyKey, written, reused, gotBytes, unprocessed } = attempt;
  const isSafe = !written || hasIdempotencyKey || idempotentMethods.has(method);
  const isLost = failure.kind === 'reset' && (unprocessed !== undefined || (reused && !gotBytes && isSafe));
  const most = unprocessed === 'passed over' ? mostPassedOver : 1;
  return (isLost || failure.code === 'TOO_MANY_OPEN_FILES') && attempt.freeRetries < most;
}

function isWorthwhile({ failure, status }: FailedAttempt, { retryOn }: RetryPolicy): boolean {
  const cause = failure?.kind ?? status;
  return retryOn.some((one) => one === cause);
}

/** Whether the server may see the request twice, or surely has not seen it yet. */
function isSafe(attempt: FailedAttempt, { retryUnsafe }: RetryPolicy): boolean {
  return (
    retryUnsafe || !attempt.written || attempt.hasIdempotencyKey || idempotentMethods.has(attempt.method)
  );
}

function delay({ retries, retryAfterMs }: FailedAttempt, policy: RetryPolicy, random: number): Milliseconds {
  const jittered = backoffDelay(retries, policy, random);
  return retryAfterMs === undefined
    ? jittered
    : Math.max(jittered, retryAfterMs + policy.retryDelay * random);
}
