import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../src/model/record.ts';
import { renderReport } from '../../src/report/render.ts';
import { report } from '../../src/report/report.ts';
import { Summary } from '../../src/report/summary.ts';
import { failed, fetched } from './records.ts';

/** The pages of a task; `end` is how the last one is, or what comes after it. */
function pagesOf(index: number, count: number, end: 'last' | 'cut off' | 'failed' | 'loop'): FetchRecord[] {
  const next = `http://127.0.0.1/next`;
  const pages = Array.from({ length: count }, (_, at) => {
    const page = at + 1;
    if (page < count || end === 'cut off' || end === 'loop') {
      return fetched(index, 10, { page, next });
    }
    return end === 'failed' ? failed(index, 'TOTAL_TIMEOUT', { page }) : fetched(index, 10, { page });
  });
  return end === 'loop' ? [...pages, failed(index, 'PAGE_LOOP', { page: count + 1, attempts: 0 })] : pages;
}

const records = [
  ...pagesOf(0, 3, 'last'),
  ...pagesOf(1, 2, 'cut off'),
  ...pagesOf(2, 2, 'failed'),
  ...pagesOf(3, 1, 'loop'),
  failed(4, 'INVALID_URL', { page: 1, attempts: 0 }),
];

function summaryOf(records: readonly FetchRecord[]): Summary {
  const summary = new Summary();
  records.forEach((record) => summary.add(record));
  return summary;
}

describe('a summary of pages', () => {
  it('tells tasks from pages', () => {
    expect(summaryOf(records).toJSON()).toMatchObject({
      tasks: { total: 5, ok: 2, failed: 3, sent: 4 },
      pages: { total: 10, cutOff: 1 },
      attempts: 8,
      retries: 0,
      statuses: { 200: 7 },
    });
  });

  it('is the same in parts, however the records are dealt out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: records.length, maxLength: records.length }),
        (sides) => {
          const left = summaryOf(records.filter((_, at) => sides[at]));
          left.merge(summaryOf(records.filter((_, at) => !sides[at])));
          expect(left.toJSON()).toEqual(summaryOf(records).toJSON());
        },
      ),
    );
  });

  it('has no ideal, and says for people what was left', () => {
    const run = { elapsedMs: 100, concurrency: 4, interrupted: false };
    const summary = report(summaryOf(records), run);
    expect(summary.comparison).not.toHaveProperty('idealMs');
    expect(renderReport(summary, { width: 120, color: false }).split('\n')[0]).toBe(
      '5 tasks in 100 ms: 2 ok · 3 failed · 1 never sent · 10 pages · 1 with pages left · 80 requests/s · 700 B',
    );
  });

  it('counts shares of pages', () => {
    const run = { elapsedMs: 100, concurrency: 4, interrupted: false };
    const text = renderReport(report(summaryOf(pagesOf(0, 20, 'last')), run), { width: 120, color: false });
    expect(text).toMatch(/20 {2}100 %/);
  });

  it('says nothing of them without pages', () => {
    expect(summaryOf([fetched(0, 1)]).toJSON()).not.toHaveProperty('pages');
  });
});
