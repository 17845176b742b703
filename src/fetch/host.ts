import net from 'node:net';
import type { Failure, FailureKind } from '../model/failure.ts';
import type { ProxyChoice } from '../model/proxy/proxy-choice.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds, PerSecond } from '../model/units.ts';
import type { Breaker } from './breaker.ts';
import type { Endpoint } from './http/connector.ts';
import type { ResponseHeaders } from './http/response-head.ts';
import { Errand } from './errand.ts';
import { Fifo } from './fifo.ts';
import { Job } from './job.ts';
import { Pace } from './pace.ts';
import { ownLimits } from './policy/own-limits.ts';

/** The limits of one origin, and the way there. */
export interface HostSettings {
  readonly perHost?: number | undefined;
  readonly perHostRate?: PerSecond | undefined;
  /** False: each exchange has a connection of its own. */
  readonly reuse?: boolean | undefined;
  /** Absent: there is no proxy. */
  readonly proxyOf?: ProxyChoice | undefined;
}

/** Told of each end of an exchange; sets what the host may do by it. */
export interface HostTuner {
  /** `host.active` still counts the exchange. */
  onAnswer(status: number, headers: ResponseHeaders, startedAt: Milliseconds, now: Milliseconds): void;
  onFailure(reason: Failure, startedAt: Milliseconds, now: Milliseconds): void;
}

/** One origin: its waiting tasks, its lanes, and what holds it back. */
export class Host {
  readonly origin: string;
  readonly endpoint: Endpoint;
  /** The server, or the proxy before it, is an IP literal: no name to look up. */
  readonly isAddress: boolean;
  /** Tasks not begun, and jobs that go on. Most wait for long, so that they are kept small. */
  readonly waiting = new Fifo<Task | Job>();
  /** Exchanges under way. */
  active = 0;
  /** Lanes that are bound to it, busy or not. */
  lanes = 0;
  /** It stands in the ring of hosts that may start a task. */
  isReady = false;
  /** Until then it starts nothing, because it said so with Retry-After. */
  pausedUntil: Milliseconds = 0;
  /** Exchanges that may be under way. */
  mostActive: number;
  /** Set with `--concurrency auto`: what tunes `mostActive`, and the rate that the server taught. */
  tuner: HostTuner | undefined;
  learnedPace: Pace | undefined;
  /** Set with `--breaker`. */
  breaker: Breaker | undefined;
  /** Set with `--respect-robots`, where a robots.txt has a Crawl-delay. */
  crawlPace: Pace | undefined;
  /** Wakes the host when its pause or its pace allows the next start. */
  timer: NodeJS.Timeout | undefined;
  readonly #pace: Pace | undefined;

  constructor(origin: string, settings: HostSettings) {
    this.origin = origin;
    this.endpoint = endpointOf(origin, settings);
    const { hostname, proxy } = this.endpoint;
    this.isAddress = net.isIP(proxy?.hostname ?? hostname) !== 0;
    this.mostActive = settings.perHost ?? Number.POSITIVE_INFINITY;
    this.#pace = settings.perHostRate === undefined ? undefined : new Pace(settings.perHostRate);
  }

  /** True when one more exchange stays within the per-host limit. */
  get hasRoom(): boolean {
    return (
      this.active < this.mostActive && (this.breaker === undefined || this.active < this.breaker.mostActive)
    );
  }

  /** A task waits; those that were given up while they waited are dropped. */
  get hasNext(): boolean {
    let next = this.waiting.peek();
    while (next instanceof Job && next.isSettled) {
      this.waiting.shift();
      next = this.waiting.peek();
    }
    return next !== undefined;
  }

  /** Milliseconds until the pause and the pace allow the next start; 0: now. */
  wait(now: Milliseconds): Milliseconds {
    const pause = Math.max(
      0,
      this.pausedUntil - now,
      this.learnedPace?.wait(now) ?? 0,
      this.crawlPace?.wait(now) ?? 0,
      this.breaker?.wait(now) ?? 0,
    );
    return this.#pace === undefined ? pause : Math.max(pause, this.#pace.wait(now));
  }

  /** Makes the task with that index the next one, or an errand, on which it may depend; false when it does not wait here. */
  promote(index: number): boolean {
    const found = this.waiting.take((one) => isWanted(one, index));
    if (found !== undefined) {
      this.waiting.unshift(found);
    }
    return found !== undefined;
  }

  /** Counts the start of an exchange. */
  take(now: Milliseconds): void {
    this.active++;
    this.#pace?.take(now);
    this.learnedPace?.take(now);
    this.crawlPace?.take(now);
  }

  /** An exchange was answered. `active` still counts it. */
  answered(status: number, headers: ResponseHeaders, startedAt: Milliseconds, now: Milliseconds): void {
    this.tuner?.onAnswer(status, headers, startedAt, now);
    this.breaker?.ended(status >= 500, startedAt, now);
  }

  /** An exchange has failed. What this machine refuses or has given up says nothing about the host. */
  failed(reason: Failure, startedAt: Milliseconds, now: Milliseconds): void {
    this.tuner?.onFailure(reason, startedAt, now);
    if (!ownLimits.has(reason.code) && reason.kind !== 'aborted') {
      this.breaker?.ended(hostFailures.has(reason.kind), startedAt, now);
    }
  }

  /** Nothing waits, runs or is kept open: the host can be forgotten. */
  get isSpent(): boolean {
    return this.active === 0 && this.lanes === 0 && this.waiting.length === 0;
  }
}

/** By which a host shows that it is in trouble, or cannot be reached. */
const hostFailures: ReadonlySet<FailureKind> = new Set([
  'dns',
  'connect',
  'tls',
  'timeout',
  'reset',
  'protocol',
]);

function isWanted(one: Task | Job, index: number): boolean {
  return one instanceof Job ? one instanceof Errand || one.task.index === index : one.index === index;
}

function endpointOf(origin: string, { reuse, proxyOf }: HostSettings): Endpoint {
  const { protocol, hostname, port, host } = new URL(origin);
  const isSecure = protocol === 'https:';
  const server = { isSecure, hostname: hostname.replace(/^\[|\]$/g, '') }; // brackets are how a URL writes IPv6
  return {
    ...server,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    host,
    proxy: proxyOf?.(server),
    isOneShot: reuse === false,
  };
}
