import type { Milliseconds, PerSecond } from '../model/units.ts';
import { idealTime, ratio, slotsOf } from './ideal.ts';
import type { SummaryReport } from './report.ts';

/**
 * Runs at several concurrencies against the same tasks one after the other. Where only a sample was
 * run one after the other, its time is extrapolated to all tasks in proportion, and marked as such.
 */
export function compareRuns(sequential: SequentialRun, runs: readonly MeasuredRun[]): ComparisonReport {
  const { of: tasks, longestMs, ...measured } = sequential;
  const extrapolated = measured.tasks < tasks;
  const sequentialMs = extrapolated ? ratio(measured.elapsedMs, measured.tasks) * tasks : measured.elapsedMs;
  const work = { tasks, sequentialMs, longestMs };
  return {
    tasks,
    longestMs,
    sequential: { ...measured, extrapolated, sequentialMs },
    runs: runs.map((run) => {
      const idealMs = idealTime(work, run.concurrency);
      return {
        ...run,
        speedup: ratio(sequentialMs, run.elapsedMs),
        idealMs,
        shareOfIdeal: ratio(idealMs, run.elapsedMs),
      };
    }),
  };
}

/** What `compareRuns` needs to know of a run, from its report. */
export function measuredRun(report: SummaryReport): MeasuredRun {
  const { concurrency, elapsedMs, tasks, requestsPerSecond, latencyMs } = report;
  return {
    concurrency: slotsOf(concurrency),
    elapsedMs,
    tasks: tasks.total,
    failed: tasks.failed,
    requestsPerSecond,
    ...(latencyMs !== undefined && { p50: latencyMs.p50, p99: latencyMs.p99 }),
  };
}

/** A run at one concurrency, as it was measured. */
export interface MeasuredRun {
  readonly concurrency: number;
  readonly elapsedMs: Milliseconds;
  readonly tasks: number;
  readonly failed: number;
  readonly requestsPerSecond: PerSecond;
  /** Absent, as `p99`, when no task was sent. */
  readonly p50?: Milliseconds;
  readonly p99?: Milliseconds;
}

/** The run at concurrency 1, of all tasks or of a sample. */
export interface SequentialRun extends MeasuredRun {
  /** How many tasks there are; more than `tasks` when only a sample was run. */
  readonly of: number;
  /** The longest single task. */
  readonly longestMs: Milliseconds;
}

/** The JSON document of `compare`. */
export interface ComparisonReport {
  readonly tasks: number;
  readonly longestMs: Milliseconds;
  /** As it was measured, and `sequentialMs`: the time for all tasks. */
  readonly sequential: MeasuredRun & {
    /** A sample was measured, and `sequentialMs` is not a measurement. */
    readonly extrapolated: boolean;
    readonly sequentialMs: Milliseconds;
  };
  readonly runs: readonly ComparedRun[];
}

/** A measured run beside the sequential one. */
export interface ComparedRun extends MeasuredRun {
  /** Against one after the other. */
  readonly speedup: number;
  /** The least time that this concurrency allows. */
  readonly idealMs: Milliseconds;
  /** `idealMs` over `elapsedMs`. Above 1: the servers were faster than in the sequential run. */
  readonly shareOfIdeal: number;
}
