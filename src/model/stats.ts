import type { PerSecond } from './units.ts';

/** What the engine is doing at this moment. */
export interface EngineStats {
  /** Tasks read from the source so far. */
  readonly read: number;
  /** The source has ended, so `read` is the total. */
  readonly sourceEnded: boolean;
  /** Tasks that wait for a lane, a rate or their retry. */
  readonly waiting: number;
  /** Attempts under way. */
  readonly inFlight: number;
  /** Tasks that have ended; where there are transforms, those that have been through them. */
  readonly finished: number;
  /** With transforms: tasks that have been fetched and are in them, or wait for them. */
  readonly transforming?: number;
  /** Attempts started so far, redirect hops included. */
  readonly requests: number;
  /** Attempts after a task's first. */
  readonly retries: number;
  /** Sockets open or opening. */
  readonly sockets: number;
  /** With `--concurrency auto`: how many attempts may be under way, as it is found now. */
  readonly limit?: number;
  /** With `--breaker`: hosts that were paused, those given up first, at most ten. */
  readonly tripped?: readonly TrippedHost[] | undefined;
}

/** What `--concurrency auto` has come to. */
export interface AutoConcurrency {
  readonly mode: 'auto';
  /** Those with the most requests, at most ten. */
  readonly hosts: readonly HostConcurrency[];
}

/** A host that `--breaker` has paused. */
export interface TrippedHost {
  /** Scheme, name and port. */
  readonly host: string;
  readonly pauses: number;
  /** It was given up: its other tasks failed with HOST_DOWN. */
  readonly isDown: boolean;
}

/** What was found for one host. */
export interface HostConcurrency {
  /** Scheme, name and port. */
  readonly host: string;
  /** Exchanges that it gets at once now. */
  readonly limit: number;
  /** The most that were under way at once. */
  readonly most: number;
  /** The rate that it allows, when it has answered 429. */
  readonly rate?: PerSecond;
  /** Exchanges so far. */
  readonly requests: number;
}
