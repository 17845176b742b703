import { failure, type Failure } from '../../model/failure.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { Job } from '../job.ts';
import { isForwarded } from '../http/endpoint.ts';
import { unauthorized } from '../http/proxy/proxy-error.ts';
import type { Lane } from '../lane.ts';
import { classifyError } from './classify.ts';
import { ownLimits } from './own-limits.ts';
import { nextHop, type Hop } from './redirect.ts';
import { hasIdempotencyKey } from './repeatable.ts';
import { parseRetryAfter } from './retry-after.ts';
import { RetryBudget } from './retry-budget.ts';
import { decideRetry, isFreeRetry } from './retry.ts';

/** What is to happen after an exchange that did not simply succeed. */
export type Verdict =
  | {
      readonly next: 'end';
      readonly failure: Failure | undefined;
      readonly pauseMs?: Milliseconds | undefined;
    }
  | { readonly next: 'hop'; readonly hop: Hop }
  | { readonly next: 'retry'; readonly delayMs: Milliseconds; readonly pauseMs?: Milliseconds | undefined };

/** Statuses by which a server asks all its clients to slow down (RFC 6585 4, RFC 9110 15.6.4). */
const slowDown = new Set([429, 503]);

/** How long a host is left alone when it is this machine that allows no more. */
const ownLimitPauseMs: Milliseconds = 1000;

/** Puts the redirect and retry policies to an exchange that failed or was answered with 300 or more. */
export class Verdicts {
  readonly #options: ResolvedOptions;
  readonly #random: () => number;
  readonly #budget: RetryBudget;

  constructor(options: ResolvedOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
    this.#budget = new RetryBudget(options.retryBudget);
  }

  /** Counts an exchange, of which the retry budget is a share. */
  onRequest(): void {
    this.#budget.onRequest();
  }

  of(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): Verdict {
    return reason === undefined ? this.#ofAnswer(lane, job, now) : this.#ofFailure(lane, job, reason, now);
  }

  #ofAnswer(lane: Lane, job: Job, now: Milliseconds): Verdict {
    const { status, headers } = lane;
    const hop = nextHop(
      { status, location: first(headers['location']), url: job.url, request: job.request, hops: job.hops },
      job.maxRedirs ?? this.#options.maxRedirs,
    );
    if (hop !== undefined) {
      return 'kind' in hop ? { next: 'end', failure: hop } : { next: 'hop', hop };
    }
    if (status < 400) {
      return { next: 'end', failure: undefined };
    }
    const retryAfterMs = parseRetryAfter(first(headers['retry-after']), Date.now());
    const pauseMs =
      retryAfterMs !== undefined && slowDown.has(status)
        ? Math.min(retryAfterMs, this.#options.retryMaxTime)
        : undefined;
    const delayMs = this.#retryDelay(lane, job, undefined, retryAfterMs, now);
    return delayMs === undefined
      ? { next: 'end', failure: ofStatus(lane), pauseMs }
      : { next: 'retry', delayMs, pauseMs };
  }

  #ofFailure(lane: Lane, job: Job, reason: Failure, now: Milliseconds): Verdict {
    const { written, reused, gotBytes, unprocessed } = lane;
    const { method } = job.request;
    const hasKey = hasIdempotencyKey(job, this.#options);
    const exchange = { written, reused, gotBytes, unprocessed, freeRetries: job.freeRetries };
    const isFree = isFreeRetry({ ...exchange, failure: reason, method, hasIdempotencyKey: hasKey });
    if (isFree) {
      job.freeRetries++;
      return { next: 'retry', delayMs: 0 };
    }
    const delayMs = this.#retryDelay(lane, job, reason, undefined, now);
    const pauseMs = ownLimits.has(reason.code) ? ownLimitPauseMs : undefined;
    return delayMs === undefined
      ? { next: 'end', failure: reason, pauseMs }
      : { next: 'retry', delayMs, pauseMs };
  }

  #retryDelay(
    lane: Lane,
    job: Job,
    reason: Failure | undefined,
    retryAfterMs: Milliseconds | undefined,
    now: Milliseconds,
  ): Milliseconds | undefined {
    const delayMs = decideRetry(
      {
        failure: reason,
        status: reason === undefined ? lane.status : undefined,
        method: job.request.method,
        written: lane.written,
        hasIdempotencyKey: hasIdempotencyKey(job, this.#options),
        retries: job.retries,
        elapsedMs: now - job.startedAt,
        retryAfterMs,
      },
      this.#options,
      this.#random,
    );
    if (delayMs === undefined || !this.#budget.take()) {
      return undefined;
    }
    job.retries++;
    return delayMs;
  }
}

/** The 407 of a proxy that forwards is its own, not the server's. */
function ofStatus({ status, host: { origin, endpoint } }: Lane): Failure {
  const { proxy } = endpoint;
  return status === 407 && proxy !== undefined && isForwarded(endpoint)
    ? classifyError(unauthorized(proxy), { phase: 'response', host: origin })
    : failure('HTTP_STATUS', `HTTP ${status}`);
}

function first(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
