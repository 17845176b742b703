import type { AutoConcurrency } from '../model/stats.ts';
import type { Milliseconds } from '../model/units.ts';

/**
 * The least time in which tasks can be done at a given concurrency: no less than an even share of
 * the work for each slot, and no less than the longest task. The two lower bounds on the makespan of
 * R. L. Graham, "Bounds on Multiprocessing Timing Anomalies", 1969.
 */
export function idealTime(work: Work, concurrency: number): Milliseconds {
  const slots = Math.max(1, Math.min(concurrency, work.tasks));
  return Math.max(work.sequentialMs / slots, work.longestMs);
}

/**
 * The slots of a run. With `auto` their number changed, and with it what would have been ideal: such a
 * run is compared with none, and here it counts as the most that were in flight to a host.
 */
export function slotsOf(concurrency: number | AutoConcurrency): number {
  return typeof concurrency === 'number'
    ? concurrency
    : Math.max(0, ...concurrency.hosts.map(({ most }) => most));
}

/** How many times `b` goes into `a`; 0 for a run that took no time at all. */
export function ratio(a: number, b: number): number {
  return b > 0 ? a / b : 0;
}

/** What is to be done. */
export interface Work {
  readonly tasks: number;
  /** All tasks, one after the other. */
  readonly sequentialMs: Milliseconds;
  /** The longest single task. */
  readonly longestMs: Milliseconds;
}
