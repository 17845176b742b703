import type { DatabaseFigures } from '../model/database-figures.ts';
import type { FlowFigures } from '../model/flow.ts';
import type { AutoConcurrency, TrippedHost } from '../model/stats.ts';
import type { TransformFigures } from '../model/transform-figures.ts';
import type { Milliseconds, PerSecond } from '../model/units.ts';
import { idealTime, ratio, slotsOf } from './ideal.ts';
import type { Summary, SummaryFigures } from './summary.ts';

/** The document of `--summary FILE`: what became of the tasks, and how fast. */
export function report(summary: Summary, run: RunFigures): SummaryReport {
  const figures = summary.toJSON();
  const comparison = compareWithSequential(figures, run);
  return {
    ...run,
    requestsPerSecond: tidy(ratio(figures.attempts * 1000, run.elapsedMs)),
    ...figures,
    ...(comparison !== undefined && { comparison }),
  };
}

/** What the records do not tell. */
export interface RunFigures {
  readonly elapsedMs: Milliseconds;
  /** As it was set, or what `auto` has found. */
  readonly concurrency: number | AutoConcurrency;
  /** Stopped before all tasks of the source were done. */
  readonly interrupted: boolean;
  /** Rates, per-host limits, transforms or `auto` held it back, so that its concurrency alone has no ideal. */
  readonly paced?: boolean | undefined;
  /** Tasks of the source that were not fetched because an earlier one asks for the same. */
  readonly duplicates?: number | undefined;
  /** With `--breaker`: hosts that were paused, those given up first, at most ten. */
  readonly tripped?: readonly TrippedHost[] | undefined;
  /** The databases of the run. Absent without any. */
  readonly databases?: readonly DatabaseFigures[] | undefined;
  /** What the transforms did. Absent without any. */
  readonly transforms?: TransformFigures | undefined;
  /** How long the stages waited for each other. Absent for a run of an instant. */
  readonly flow?: FlowFigures | undefined;
}

/** Its fields are public: they are only ever added to. */
export interface SummaryReport extends RunFigures, SummaryFigures {
  /** Attempts; redirect hops are not counted. */
  readonly requestsPerSecond: PerSecond;
  /** Absent when no task was sent. */
  readonly comparison?: SpeedFigures;
}

/** The run against the same tasks one after the other. */
export interface SpeedFigures {
  /** The times of all tasks added up. */
  readonly sequentialMs: Milliseconds;
  readonly elapsedMs: Milliseconds;
  /** `sequentialMs` over `elapsedMs`. */
  readonly speedup: number;
  /** The least time that this concurrency allows. Absent, as `shareOfIdeal`, when the run was paced or had pages. */
  readonly idealMs?: Milliseconds;
  /** `idealMs` over `elapsedMs`, at most 1. */
  readonly shareOfIdeal?: number;
}

function compareWithSequential(figures: SummaryFigures, run: RunFigures): SpeedFigures | undefined {
  const { latencyMs, sequentialMs, tasks } = figures;
  const { elapsedMs, concurrency } = run;
  if (latencyMs === undefined) {
    return undefined;
  }
  const measured = { sequentialMs, elapsedMs, speedup: tidy(ratio(sequentialMs, elapsedMs)) };
  if (run.paced === true || figures.pages !== undefined) {
    return measured; // a page cannot be fetched before the one that leads to it
  }
  const work = { tasks: tasks.sent, sequentialMs, longestMs: latencyMs.max };
  // A wait between retries counts as time of its task but holds no slot, so that a run can be
  // faster than the formula. What was measured is possible.
  const idealMs = Math.min(idealTime(work, slotsOf(concurrency)), elapsedMs);
  return { ...measured, idealMs: tidy(idealMs), shareOfIdeal: tidy(ratio(idealMs, elapsedMs)) };
}

/** A report as JSON, with three decimals: more is noise. Ends in a newline. */
export function toDocument(value: unknown): string {
  return `${JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? tidy(one) : one), 2)}\n`;
}

function tidy(value: number): number {
  return Math.round(value * 1000) / 1000;
}
