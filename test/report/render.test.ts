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

/** 100 calls of 98.3 to 105.6 ms. */
const hundredCalls = Array.from({ length: 100 }, (_, i) => fetched(i, 98.3 + (i % 10) * (i % 10) * 0.09));

describe('renderReport', () => {
  it('shows counts, latencies and the gain of a run at a glance', () => {
    expect(rendered(hundredCalls)).toBe(
      `100 tasks in 212 ms: 100 ok · 0 failed · 473 requests/s · 9.8 KiB
status     200 × 100

latency    p50 99.6 ms · p90 104 ms · p99 106 ms · max 106 ms
   98–100 ms  50  50 %  ████████████████████████████████████████
  100–102 ms  20  20 %  ████████████████
  102–104 ms  10  10 %  ████████
  104–106 ms  20  20 %  ████████████████

one after the other  10.09 s  ████████████████████████████████████████
50 at once            0.21 s  ▉
speed-up 47.7x, 95 % of the ideal 0.20 s
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

  it('names how many causes it leaves out', () => {
    const causes = [
      ...(['DNS_NOT_FOUND', 'DNS_FAILED', 'CONNECTION_REFUSED', 'HOST_UNREACHABLE'] as const),
      ...(['CERT_EXPIRED', 'CERT_SELF_SIGNED', 'CERT_UNTRUSTED', 'CONNECTION_RESET'] as const),
      ...(['TLS_FAILED', 'TOTAL_TIMEOUT'] as const),
    ];
    expect(rendered(causes.map((code, index) => failed(index, code)))).toContain(
      '\n  2 failed for 2 more causes\n',
    );
  });

  it('lists tasks that took more than twice as long as the one in the middle', () => {
    const text = rendered([...hundredCalls, fetched(100, 150), fetched(101, 3020, { id: 'slow' })]);
    expect(text).toContain('\nslowest\n  3.02 s  http://127.0.0.1/101, id slow\n\n');
    expect(rendered(hundredCalls)).not.toContain('slowest');
  });

  it('shows no distribution of a handful of tasks', () => {
    const text = rendered([fetched(0, 10), fetched(1, 90)]);
    expect(text).toContain('latency    p50 10.0 ms · p90 90.0 ms · p99 90.0 ms · max 90.0 ms\n\n');
    expect(text).not.toContain('%  █');
  });

  it.each([
    ['of no task', [], '0 tasks in 212 ms: 0 ok · 0 failed\n'],
    [
      'of invalid tasks',
      [invalid(0)],
      `1 task in 212 ms: 0 ok · 1 failed · 1 never sent
  1 ×  input  INVALID_URL  INVALID_URL happened (http://127.0.0.1/0)
`,
    ],
    [
      'of one task',
      [fetched(0, 200, { bytes: 0 })],
      `1 task in 212 ms: 1 ok · 0 failed · 4.7 requests/s
status     200 × 1

latency    p50 200 ms · p90 200 ms · p99 200 ms · max 200 ms
`,
    ],
  ])('is complete for a run %s', (_, records, text) => expect(rendered(records)).toBe(text));

  it('compares nothing with itself: at concurrency 1 there is no gain to show', () => {
    expect(rendered(hundredCalls, { concurrency: 1 })).not.toContain('speed-up');
  });

  it('says that a run was interrupted', () => {
    expect(rendered(hundredCalls, { interrupted: true })).toContain('100 tasks interrupted after 212 ms');
  });

  it('escapes control characters from outside', () => {
    const error = { kind: 'tls', code: 'TLS_FAILED', message: '\u001b]0;owned\u0007' } as const;
    const text = rendered([
      ...hundredCalls,
      failed(100, 'TLS_FAILED', { error, id: 'a\nb', url: 'http://\u009b2J/' }),
      fetched(101, 9000, { id: '\r\u001b[2K' }),
    ]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain(String.raw`\u{1b}]0;owned\u{7} (http://\u{9b}2J/, id a\u{a}b)`);
  });

  it('fits a narrow terminal where lines come from outside or hold bars', () => {
    const text = rendered(
      [...hundredCalls, failed(100, 'HTTP_STATUS', { status: 500 }), fetched(101, 9000)],
      {},
      { width: 60, color: false },
    );
    const lines = text.split('\n').filter((line) => /http:|[▏▎▍▌▋▊▉█]/.test(line));
    expect(lines).toHaveLength(8);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });

  it('uses colour only where it may', () => {
    expect(rendered(hundredCalls, {}, { width: 100, color: true })).toContain('\u001b[32m100 ok\u001b[39m');
    expect(rendered(hundredCalls)).not.toContain('\u001b');
  });
});
