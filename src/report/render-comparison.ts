import type { Milliseconds } from '../model/units.ts';
import type { ComparisonReport, MeasuredRun } from './comparison.ts';
import { alignColumns, formatCount, formatDuration, formatRate, formatShare, plural } from './format.ts';

/** A comparison as a table for a person, ending in a newline. */
export function renderComparison(comparison: ComparisonReport): string {
  const { sequential, runs } = comparison;
  const rows = [
    ['at once', 'elapsed', 'requests/s', 'p50', 'p99', 'failed', 'speed-up', 'ideal', 'of ideal'],
    // A star on the figure itself: whoever copies one line of the table takes the caveat with it.
    line(sequential, `${sequential.extrapolated ? '*' : ''}${formatDuration(sequential.sequentialMs)}`),
    ...runs.map((run) => [
      ...line(run, formatDuration(run.elapsedMs)),
      `${formatRate(run.speedup)}x`,
      formatDuration(run.idealMs),
      formatShare(run.shareOfIdeal),
    ]),
  ];
  const note = sequential.extrapolated ? [`* ${extrapolation(comparison)}`] : [];
  return [...alignColumns(rows, '>>>>>>>>>'), ...note].map((text) => `${text}\n`).join('');
}

function line(run: MeasuredRun, elapsed: string): string[] {
  return [
    formatCount(run.concurrency),
    elapsed,
    formatRate(run.requestsPerSecond),
    quantile(run.p50),
    quantile(run.p99),
    formatCount(run.failed),
  ];
}

function quantile(ms: Milliseconds | undefined): string {
  return ms === undefined ? '-' : formatDuration(ms);
}

function extrapolation({ sequential, tasks }: ComparisonReport): string {
  const sample = `${formatCount(sequential.tasks)} of ${plural(tasks, 'task')}`;
  return `extrapolated, not measured: a sample of ${sample} took ${formatDuration(sequential.elapsedMs)} one after the other`;
}
