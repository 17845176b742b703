import type { Milliseconds } from './units.ts';

/**
 * How long the stages of a run waited for each other. Times of the lanes are means over all lanes,
 * and add up to `sampledMs`.
 */
export interface FlowFigures {
  /** How long the run was watched. */
  readonly sampledMs: Milliseconds;
  /** The source was read, or its next task awaited. */
  readonly sourceReadMs: Milliseconds;
  /** The source waited for room in the queue. */
  readonly sourceWaitedMs: Milliseconds;
  readonly lanes: LaneTimes;
  /** The sink waited for records. */
  readonly sinkWaitedMs: Milliseconds;
  /** The share of the time in which this process was at work, from 0 to 1: at 1 its core is the limit. */
  readonly utilization: number;
  /** What set the pace. */
  readonly bottleneck: Bottleneck;
}

/** What lanes did, and what they did not do it for. */
export interface LaneTimes {
  readonly busyMs: Milliseconds;
  /** Idle because no task had been read. */
  readonly waitedForSourceMs: Milliseconds;
  /** Idle because the sink was behind. */
  readonly waitedForSinkMs: Milliseconds;
  /** Idle although tasks waited: rates, limits of hosts, pauses, waits before retries. */
  readonly heldBackMs: Milliseconds;
  /** Idle at the end, when all tasks had begun. */
  readonly drainedMs: Milliseconds;
}

/** `client` is this process: a core that is never idle; `transforms` are its other threads. */
export type Bottleneck = 'source' | 'server' | 'sink' | 'limits' | 'client' | 'transforms';
