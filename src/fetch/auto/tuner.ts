import type { Failure } from '../../model/failure.ts';
import type { HostConcurrency } from '../../model/stats.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { Host, HostTuner } from '../host.ts';
import type { ResponseHeaders } from '../http/response-head.ts';
import { parseRetryAfter } from '../policy/retry-after.ts';
import { LearnedRate } from './learned-rate.ts';
import { Limiter } from './limiter.ts';
import { parseRateLimit, type RateLimitState } from './rate-limit-fields.ts';

/** Statuses that overload explains. */
const overloaded = new Set([502, 503, 504]);

/** What a tuner may do at the most. */
export interface TunerLimits {
  /** Highest limit of a host. */
  readonly cap: number;
  /** A host is never left alone for longer, whatever it asks for. */
  readonly longestPauseMs: Milliseconds;
}

/** Sets the limit, the rate and the pauses of one host by what becomes of its exchanges. */
export class Tuner implements HostTuner {
  readonly #limits: TunerLimits;
  readonly #limiter: Limiter;
  readonly #rate = new LearnedRate();
  #host: Host;
  #most = 0;
  #requests = 0;

  constructor(host: Host, limits: TunerLimits) {
    this.#host = host;
    this.#limits = limits;
    this.#limiter = new Limiter(limits.cap);
    this.attach(host);
  }

  /** Goes on with what it knows, for a host that had been forgotten. */
  attach(host: Host): void {
    this.#host = host;
    this.#apply();
  }

  /** There is something that would have to be learnt again. */
  get hasLearnt(): boolean {
    return this.#limiter.rounds > 0 || this.#rate.pace !== undefined;
  }

  onAnswer(status: number, headers: ResponseHeaders, startedAt: Milliseconds, now: Milliseconds): void {
    this.#count();
    const told = parseRateLimit(headers, Date.now());
    if (status === 429) {
      this.#refused(headers, told, startedAt, now);
    } else {
      this.#rate.accepted(startedAt, now);
      if (told?.isSpent === true) {
        this.#pause(told.resetMs, now);
      }
      if (overloaded.has(status)) {
        this.#limiter.troubled(startedAt, now);
      } else {
        this.#limiter.answered(startedAt, now, this.#host.active);
      }
    }
    this.#apply();
  }

  onFailure(reason: Failure, startedAt: Milliseconds, now: Milliseconds): void {
    this.#count();
    if (isOverload(reason)) {
      this.#limiter.troubled(startedAt, now);
      this.#apply();
    }
  }

  /** What it has come to. */
  figures(now: Milliseconds): HostConcurrency {
    const rate = this.#rate.rate(now);
    return {
      host: this.#host.origin,
      limit: this.#limiter.limit,
      most: this.#most,
      ...(rate !== undefined && { rate }),
      requests: this.#requests,
    };
  }

  /** Too many in too short a time. That says nothing of how many at once, but they come too fast. */
  #refused(
    headers: ResponseHeaders,
    told: RateLimitState | undefined,
    startedAt: Milliseconds,
    now: Milliseconds,
  ): void {
    const field = headers['retry-after'];
    const asked = parseRetryAfter(typeof field === 'string' ? field : field?.[0], Date.now());
    const pauseMs = this.#rate.refused(startedAt, now, asked ?? (told?.isSpent === true ? told.resetMs : 0));
    if (pauseMs !== undefined) {
      this.#pause(pauseMs, now);
      this.#limiter.hold(now);
    }
  }

  #pause(forMs: Milliseconds, now: Milliseconds): void {
    const host = this.#host;
    host.pausedUntil = Math.max(host.pausedUntil, now + Math.min(forMs, this.#limits.longestPauseMs));
  }

  #count(): void {
    this.#requests++;
    this.#most = Math.max(this.#most, this.#host.active);
  }

  #apply(): void {
    this.#host.mostActive = this.#limiter.limit;
    this.#host.learnedPace = this.#rate.pace;
  }
}

/** Failures that overload explains, of the server or, with too many open files, of this machine. */
function isOverload({ kind, code }: Failure): boolean {
  const isBroken = kind === 'timeout' || kind === 'reset' || kind === 'connect';
  return (isBroken && code !== 'TASK_TIMEOUT') || code === 'TOO_MANY_OPEN_FILES';
}
