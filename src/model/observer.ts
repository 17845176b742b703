import type { Failure } from './failure.ts';
import type { RunState } from './run-state.ts';
import type { Milliseconds, PerSecond } from './units.ts';

/**
 * Told what a run does, while it does it: before it returns nothing goes on, so it has to be quick, and
 * it must not throw.
 */
export type RunObserver = (event: RunEvent) => void;

/** Something that a run did, by its `event`. Times are on `performance.now()`'s clock, in milliseconds. */
export type RunEvent =
  | LaneOpened
  | LaneClosed
  | ExchangeEnded
  | RetryGranted
  | RedirectFollowed
  | TaskFailed
  | HostPaused
  | HostGivenUp
  | LimitChanged
  | RateChanged
  | ConcurrencyLowered
  | BatchWritten
  | TransformSlow
  | StateSampled;

/** A lane was bound to an origin. Its number, from 1, is that of a lane that has closed, where there is one. */
export interface LaneOpened {
  readonly event: 'lane-opened';
  readonly at: Milliseconds;
  readonly lane: number;
  readonly origin: string;
}

/** A lane is no more: its place is another host's. */
export interface LaneClosed {
  readonly event: 'lane-closed';
  readonly at: Milliseconds;
  readonly lane: number;
  readonly origin: string;
}

/** Which task it is about. */
export interface OfTask {
  /** -1: none of the input, but what the engine fetches for itself, such as a robots.txt. */
  readonly index: number;
  readonly id: string;
  /** Where pages are followed and this is not the first. */
  readonly page?: number;
}

/** One exchange, answered or failed. */
export interface ExchangeEnded extends OfTask {
  readonly event: 'exchange';
  readonly lane: number;
  readonly method: string;
  /** Where it went: after a redirect, there. */
  readonly url: string;
  /** From 1. */
  readonly attempt: number;
  /** Redirects followed within the attempt before it. */
  readonly hops: number;
  readonly startedAt: Milliseconds;
  readonly at: Milliseconds;
  readonly phases: Phases;
  /** Of the answer, as far as one came. */
  readonly status?: number;
  readonly failure?: Failure;
  /** Of the body, on the wire. */
  readonly bytes: number;
  /** It went over a connection that an earlier one had used. */
  readonly reused: boolean;
}

/** The phases of one exchange, one after the other; those that did not happen are absent. */
export interface Phases {
  /** From the permit until it was sent or a connection began to open. */
  readonly queue: Milliseconds;
  readonly dns?: Milliseconds;
  readonly connect?: Milliseconds;
  readonly tls?: Milliseconds;
  /** From the request sent to the head of the answer. */
  readonly wait?: Milliseconds;
  readonly download?: Milliseconds;
}

/** A task is to have another attempt. */
export interface RetryGranted extends OfTask {
  readonly event: 'retry';
  readonly at: Milliseconds;
  /** On which the attempt was made that is repeated. */
  readonly lane: number;
  readonly url: string;
  /** The one that is repeated, from 1. */
  readonly attempt: number;
  readonly delayMs: Milliseconds;
  /** `HTTP 503`, or the code of a failure. */
  readonly cause: string;
}

/** A task goes on at another URL. */
export interface RedirectFollowed extends OfTask {
  readonly event: 'redirect';
  readonly at: Milliseconds;
  readonly lane: number;
  readonly status: number;
  readonly from: string;
  readonly to: string;
}

/** A task has failed for good. */
export interface TaskFailed extends OfTask {
  readonly event: 'task-failed';
  readonly at: Milliseconds;
  readonly url: string;
  readonly attempts: number;
  readonly failure: Failure;
}

/** A host gets no request for a while. */
export interface HostPaused {
  readonly event: 'host-paused';
  readonly at: Milliseconds;
  readonly origin: string;
  readonly forMs: Milliseconds;
  readonly cause: string;
}

/** `--breaker` has given a host up. */
export interface HostGivenUp {
  readonly event: 'host-down';
  readonly at: Milliseconds;
  readonly origin: string;
  readonly cause: string;
}

/** `--concurrency auto` gives a host more or fewer exchanges at once. */
export interface LimitChanged {
  readonly event: 'limit';
  readonly at: Milliseconds;
  readonly origin: string;
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

/** `--concurrency auto` has learnt another rate of a host. */
export interface RateChanged {
  readonly event: 'rate';
  readonly at: Milliseconds;
  readonly origin: string;
  /** Absent: it had none. */
  readonly from?: PerSecond;
  readonly to: PerSecond;
  readonly cause: string;
}

/** The machine allows no further socket or file: fewer tasks run at once. */
export interface ConcurrencyLowered {
  readonly event: 'concurrency';
  readonly at: Milliseconds;
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

/** A batch of records is with the system. */
export interface BatchWritten {
  readonly event: 'batch';
  readonly at: Milliseconds;
  readonly records: number;
  /** For people: a file name or `standard output`. */
  readonly sink: string;
  readonly tookMs: Milliseconds;
}

/** From then on a transform is slow, and so is a callback, unless it is said otherwise. */
export const usualSlowness: Milliseconds = 100;

/** A transform has kept its worker for long, without awaiting anything: nothing else went on there. */
export interface TransformSlow extends OfTask {
  readonly event: 'transform-slow';
  readonly at: Milliseconds;
  /** The transform, as it was named. */
  readonly spec: string;
  readonly tookMs: Milliseconds;
}

/** How all stands; told ten times a second. */
export interface StateSampled {
  readonly event: 'sample';
  readonly at: Milliseconds;
  readonly state: RunState;
}
