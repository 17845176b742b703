import { describe, expect, it } from 'vitest';
import { report } from '../../src/report/report.ts';
import { Summary } from '../../src/report/summary.ts';
import { fetched, invalid } from './records.ts';

function hundredCalls(): Summary {
  const summary = new Summary();
  for (let index = 0; index < 100; index += 1) {
    summary.add(fetched(index, 100));
  }
  return summary;
}

describe('report', () => {
  it('holds the run, the figures and the comparison', () => {
    const run = { elapsedMs: 211.5, concurrency: 50, interrupted: false };
    expect(report(hundredCalls(), run)).toMatchObject({
      ...run,
      requestsPerSecond: 472.813,
      tasks: { total: 100, ok: 100, failed: 0, sent: 100 },
      comparison: {
        sequentialMs: 10_000,
        elapsedMs: 211.5,
        speedup: 47.281,
        idealMs: 200,
        shareOfIdeal: 0.946,
      },
    });
  });

  it('takes the longest task as ideal where that is more than an even share', () => {
    const summary = hundredCalls();
    summary.add(fetched(100, 3000));
    const { comparison } = report(summary, { elapsedMs: 3200, concurrency: 50, interrupted: false });
    expect(comparison).toMatchObject({ idealMs: 3000, shareOfIdeal: 0.938 });
  });

  it('shares the work among no more slots than there are tasks', () => {
    const summary = new Summary();
    summary.add(fetched(0, 100));
    summary.add(fetched(1, 80));
    const { comparison } = report(summary, { elapsedMs: 100, concurrency: 50, interrupted: false });
    expect(comparison).toMatchObject({ idealMs: 100, speedup: 1.8, shareOfIdeal: 1 });
  });

  it('never says that a run was faster than is possible', () => {
    const run = { elapsedMs: 150, concurrency: 50, interrupted: false };
    expect(report(hundredCalls(), run).comparison).toMatchObject({ idealMs: 150, shareOfIdeal: 1 });
  });

  it.each([
    ['no task', []],
    ['invalid tasks only', [invalid(0)]],
  ])('has no comparison for %s', (_, records) => {
    const summary = new Summary();
    for (const record of records) {
      summary.add(record);
    }
    const document = report(summary, { elapsedMs: 3, concurrency: 50, interrupted: false });
    expect(document).not.toHaveProperty('comparison');
    expect(document.requestsPerSecond).toBe(0);
  });

  it('is finite for a run that took no time', () => {
    const document = report(hundredCalls(), { elapsedMs: 0, concurrency: 50, interrupted: true });
    expect(document.requestsPerSecond).toBe(0);
    expect(document.comparison).toMatchObject({ speedup: 0, shareOfIdeal: 0 });
  });

  it('survives JSON unchanged', () => {
    const document = report(hundredCalls(), { elapsedMs: 200, concurrency: 50, interrupted: false });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
