import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../src/model/record.ts';
import { renderReport } from '../../src/report/render.ts';
import { report, type RunFigures } from '../../src/report/report.ts';
import { Summary } from '../../src/report/summary.ts';
import { failed, fetched, invalid } from './records.ts';

const plain = { width: 100, color: false };

function rendered(records: readonly FetchRecord[], run: Partial<RunFigures> = {}, screen = plain): string {
  const summary = new Summary();
  for (const record of records) {
    summary.add(record);
  }
  return renderReport(
    report(summary, { elapsedMs: 211.5, concurrency: 50, interrupted: false, ...run }),
    screen,
  );
}

/** 100 calls of 98.3 to 106.2 ms. */
const hundredCalls = Array.from({ length: 100 }, (_, i) => fetched(i, 98.3 + (i % 10) * (i % 10) * 0.0975));

describe('renderReport', () => {
  it('shows counts, latencies and the gain of a run at a glance', () => {
    expect(rendered(hundredCalls)).toBe(
      `100 tasks in 212 ms: 100 ok · 0 failed · 473 requests/s · 9.8 KiB
status     200 × 100

latency    p50 99.8 ms · p90 105 ms · p99 106 ms · max 106 ms
    98–100 ms  50  50 %  ████████████████████████████████████████
  100–102 ms  20  20 %  ████████████████
`,
    );
  });

  it('shows each cause of failure with an example', () => {
    const text = rendered([
      failed(0, 'HTTP_STATUS', { status: 404 }),
      failed(1, 'CONNECT_TIMEOUT', { attempts: 4, id: 'seventeen' }),
      ...Array.from({ length: 1200 }, (_, i) => failed(i + 2, 'TOTAL_TIMEOUT', { attempts: 1 })),
      invalid(2000),
    ]);
    expect(text.split('\n').slice(0, 6)).toEqual([
      '1,203 tasks in 212 ms: 0 ok · 1,203 failed · 1 never sent · 5,697 requests/s · 3 retries',
      'status     404 × 1',
      '  1,200 ×  timeout  TOTAL_TIMEOUT    TOTAL_TIMEOUT happened (http://127.0.0.1/2)',
      '      1 ×  timeout  CONNECT_TIMEOUT  CONNECT_TIMEOUT happened (http://127.0.0.1/1, id seventeen)',
      '      1 ×  status   HTTP_STATUS      HTTP_STATUS happened (http://127.0.0.1/0)',
      '      1 ×  input    INVALID_URL      INVALID_URL happened (http://127.0.0.1/2000)',
    ]);
  });
});
