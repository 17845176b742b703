import net from 'node:net';
import type { Task } from '../model/task.ts';
import type { Milliseconds, PerSecond } from '../model/units.ts';
import type { Endpoint } from './http/connector.ts';
import { Fifo } from './fifo.ts';
import { Job } from './job.ts';
import { Pace } from './pace.ts';

/** The limits of one origin. */
export interface HostLimits {
  readonly perHost?: number | undefined;
  readonly perHostRate?: PerSecond | undefined;
}

/** One origin: its waiting tasks, its lanes, and what holds it back. */
export class Host {
  readonly origin: string;
  readonly endpoint: Endpoint;
  /** An IP literal: no name to look up. */
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
  /** Wakes the host when its pause or its pace allows the next start. */
  timer: NodeJS.Timeout | undefined;
  readonly #mostActive: number;
  readonly #pace: Pace | undefined;

  constructor(origin: string, limits: HostLimits) {
    this.origin = origin;
    this.endpoint = endpointOf(origin);
    this.isAddress = net.isIP(this.endpoint.hostname) !== 0;
    this.#mostActive = limits.perHost ?? Number.POSITIVE_INFINITY;
    this.#pace = limits.perHostRate === undefined ? undefined : new Pace(limits.perHostRate);
  }

  /** True when one more exchange stays within the per-host limit. */
  get hasRoom(): boolean {
    return this.active < this.#mostActive;
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
    const pause = Math.max(0, this.pausedUntil - now);
    return this.#pace === undefined ? pause : Math.max(pause, this.#pace.wait(now));
  }

  /** Makes the task with that index the next one; false when it does not wait here. */
  promote(index: number): boolean {
    const found = this.waiting.take((one) => (one instanceof Job ? one.task.index : one.index) === index);
    if (found !== undefined) {
      this.waiting.unshift(found);
    }
    return found !== undefined;
  }

  /** Counts the start of an exchange. */
  take(now: Milliseconds): void {
    this.active++;
    this.#pace?.take(now);
  }

  /** Nothing waits, runs or is kept open: the host can be forgotten. */
  get isSpent(): boolean {
    return this.active === 0 && this.lanes === 0 && this.waiting.length === 0;
  }
}

function endpointOf(origin: string): Endpoint {
  const { protocol, hostname, port, host } = new URL(origin);
  const isSecure = protocol === 'https:';
  return {
    isSecure,
    hostname: hostname.replace(/^\[|\]$/g, ''), // brackets are how a URL writes IPv6
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    host,
  };
}
