import type { EngineStats } from './stats.ts';
import type { Milliseconds } from './units.ts';

/** What a run is doing at this moment, in more detail than `EngineStats`: made when it is asked for. */
export interface RunState extends EngineStats {
  /** Tasks that wait for their retry or for credentials; `waiting` counts them too. */
  readonly between: number;
  /** Enough has been read: the source waits. */
  readonly sourceWaits: boolean;
  /** The sink is so far behind that nothing may start. */
  readonly sinkIsBehind: boolean;
  /** The sink waits for records. */
  readonly sinkWaits: boolean;
  /** Hosts with something to do, or a connection. */
  readonly hosts: number;
  /** The busiest of them, at most ten. */
  readonly busiest: readonly HostState[];
  /** Exchanges under way, the oldest first, at most ten. */
  readonly oldest: readonly ExchangeState[];
}

/** What is going on with one host. */
export interface HostState {
  readonly origin: string;
  readonly inFlight: number;
  /** Exchanges that it may have at once; absent: there is no limit of its own. */
  readonly limit?: number;
  readonly lanes: number;
  readonly waiting: number;
  /** It starts nothing for so long, because of a pause or a rate. */
  readonly pausedMs: Milliseconds;
}

/** An exchange under way. */
export interface ExchangeState {
  readonly id: string;
  readonly url: string;
  readonly attempt: number;
  readonly forMs: Milliseconds;
  /** What is awaited. */
  readonly phase: 'dns' | 'connect' | 'tls' | 'request' | 'response';
}
