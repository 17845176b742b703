import { describe, expect, it } from 'vitest';
import { compareRuns, measuredRun, type MeasuredRun } from '../../src/report/comparison.ts';
import { renderComparison } from '../../src/report/render-comparison.ts';
import { report } from '../../src/report/report.ts';
import { Summary } from '../../src/report/summary.ts';
import { failed, fetched, invalid } from './records.ts';

function run(concurrency: number, elapsedMs: number, more: Partial<MeasuredRun> = {}): MeasuredRun {
  const requestsPerSecond = 100_000 / elapsedMs;
  return { concurrency, elapsedMs, tasks: 100, failed: 0, requestsPerSecond, p50: 100, p99: 112, ...more };
}

const whole = { ...run(1, 10_020), of: 100, longestMs: 112 };
const sample = { ...run(1, 2004, { tasks: 20, requestsPerSecond: 9.98 }), of: 100, longestMs: 112 };

describe('compareRuns', () => {
  it('adds speed-up and share of the ideal to each run', () => {
    const { runs, sequential } = compareRuns(whole, [run(10, 1030), run(200, 224)]);
    expect(sequential).toMatchObject({ extrapolated: false, sequentialMs: 10_020 });
    expect(runs).toEqual([
      { ...run(10, 1030), speedup: 10_020 / 1030, idealMs: 1002, shareOfIdeal: 1002 / 1030 },
      // No more slots than tasks, and no less than the longest task.
      { ...run(200, 224), speedup: 10_020 / 224, idealMs: 112, shareOfIdeal: 0.5 },
    ]);
  });

  it('extrapolates a sample to all tasks, and says so', () => {
    const { sequential, runs } = compareRuns(sample, [run(50, 210)]);
    expect(sequential).toMatchObject({
      extrapolated: true,
      sequentialMs: 10_020,
      elapsedMs: 2004,
      tasks: 20,
    });
    expect(runs[0]).toMatchObject({ speedup: 10_020 / 210, idealMs: 200.4 });
  });

  it('is finite for runs of nothing', () => {
    const nothing = run(1, 0, { tasks: 0, requestsPerSecond: 0 });
    const { runs } = compareRuns({ ...nothing, of: 0, longestMs: 0 }, [nothing]);
    expect(runs[0]).toMatchObject({ speedup: 0, idealMs: 0, shareOfIdeal: 0 });
  });
});

describe('measuredRun', () => {
  it('takes the figures of a run from its report', () => {
    const summary = new Summary();
    summary.add(fetched(0, 40));
    summary.add(failed(1, 'TOTAL_TIMEOUT'));
    expect(measuredRun(report(summary, { elapsedMs: 50, concurrency: 2, interrupted: false }))).toEqual({
      concurrency: 2,
      elapsedMs: 50,
      tasks: 2,
      failed: 1,
      requestsPerSecond: 40,
      p50: 40,
      p99: 50,
    });
  });

  it('has no quantiles when no task was sent', () => {
    const summary = new Summary();
    summary.add(invalid(0));
    const measured = measuredRun(report(summary, { elapsedMs: 50, concurrency: 2, interrupted: false }));
    expect(measured).not.toHaveProperty('p50');
    expect(renderComparison(compareRuns({ ...measured, of: 1, longestMs: 0 }, []))).toContain('   -    -  ');
  });
});

describe('renderComparison', () => {
  it('is an aligned table', () => {
    expect(renderComparison(compareRuns(whole, [run(10, 1030), run(1000, 224, { failed: 3 })]))).toBe(
      `at once  elapsed  requests/s     p50     p99  failed  speed-up   ideal  of ideal
      1  10.02 s          10  100 ms  112 ms       0
     10   1.03 s        97.1  100 ms  112 ms       0      9.7x  1.00 s      97 %
  1,000   224 ms         446  100 ms  112 ms       3     44.7x  112 ms      50 %
`,
    );
  });

  it('marks an extrapolated time where it stands and below', () => {
    const lines = renderComparison(compareRuns(sample, [run(50, 210)])).split('\n');
    expect(lines[1]).toContain(' *10.02 s ');
    expect(lines[3]).toBe(
      '* extrapolated, not measured: a sample of 20 of 100 tasks took 2.00 s one after the other',
    );
    expect(renderComparison(compareRuns(whole, []))).not.toContain('*');
  });
});
