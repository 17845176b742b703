import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/model/failure.ts';
import type { FetchRecord } from '../../src/model/record.ts';
import { Summary } from '../../src/report/summary.ts';
import { failed, fetched, invalid } from './records.ts';

function summaryOf(records: readonly FetchRecord[]): Summary {
  const summary = new Summary();
  for (const record of records) {
    summary.add(record);
  }
  return summary;
}

describe('add', () => {
  it('counts tasks, attempts, bytes and statuses', () => {
    const { tasks, attempts, retries, bytes, statuses, sequentialMs } = summaryOf([
      fetched(0, 100),
      fetched(1, 200, { attempts: 3, status: 201 }),
      failed(2, 'HTTP_STATUS', { status: 404, bytes: 9 }),
      failed(3, 'CONNECTION_REFUSED', { attempts: 4 }),
      invalid(4),
    ]).toJSON();
    expect(tasks).toEqual({ total: 5, ok: 2, failed: 3, sent: 4 });
    expect({ attempts, retries, bytes }).toEqual({ attempts: 9, retries: 5, bytes: 209 });
    expect(statuses).toEqual({ 200: 1, 201: 1, 404: 1 });
    expect(sequentialMs).toBe(400);
  });

  it('groups failures by code, the most frequent first, with the first of the input as example', () => {
    const { failures, failureKinds } = summaryOf([
      failed(7, 'CONNECT_TIMEOUT'),
      failed(5, 'TOTAL_TIMEOUT', { id: 'late' }),
      failed(2, 'TOTAL_TIMEOUT', { id: 'early' }),
      failed(6, 'TOTAL_TIMEOUT'),
      failed(1, 'DNS_NOT_FOUND'),
    ]).toJSON();
    expect(failures.map(({ kind, code, count }) => [kind, code, count])).toEqual([
      ['timeout', 'TOTAL_TIMEOUT', 3],
      ['timeout', 'CONNECT_TIMEOUT', 1],
      ['dns', 'DNS_NOT_FOUND', 1],
    ]);
    expect(failures[0]!.example).toEqual({
      index: 2,
      id: 'early',
      url: 'http://127.0.0.1/2',
      message: 'TOTAL_TIMEOUT happened',
    });
    expect(failureKinds).toEqual({ timeout: 4, dns: 1 });
  });

  it('takes latencies of the tasks that were sent, failed ones too', () => {
    const { latencyMs, slowest } = summaryOf([
      fetched(0, 10),
      failed(1, 'TOTAL_TIMEOUT'),
      invalid(2),
    ]).toJSON();
    expect(latencyMs).toMatchObject({ min: 10, mean: 30, p50: 10, p99: 50, max: 50 });
    expect(slowest.map(({ index, ms }) => [index, ms])).toEqual([
      [1, 50],
      [0, 10],
    ]);
  });
});

describe('toJSON', () => {
  const nothing = { attempts: 0, retries: 0, bytes: 0, sequentialMs: 0, histogram: [], slowest: [] };

  it('of no record has zeros, and no latencies', () => {
    expect(new Summary().toJSON()).toEqual({
      ...nothing,
      tasks: { total: 0, ok: 0, failed: 0, sent: 0 },
      statuses: {},
      failureKinds: {},
      failures: [],
    });
  });

  it('of invalid records only has no latencies', () => {
    const figures = summaryOf([invalid(0), invalid(1)]).toJSON();
    expect(figures).toMatchObject({ ...nothing, tasks: { total: 2, ok: 0, failed: 2, sent: 0 } });
    expect(figures).not.toHaveProperty('latencyMs');
  });

  it('of one record has its time everywhere', () => {
    const ms = 12.345;
    expect(summaryOf([fetched(0, ms)]).toJSON().latencyMs).toEqual({
      min: ms,
      mean: ms,
      p50: ms,
      p90: ms,
      p99: ms,
      max: ms,
    });
  });
});

describe('merge', () => {
  const codes: FailureCode[] = ['TOTAL_TIMEOUT', 'HTTP_STATUS', 'DNS_NOT_FOUND'];
  const shape = fc.record({
    ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
    attempts: fc.integer({ min: 0, max: 4 }),
    status: fc.constantFrom(undefined, 200, 404, 503),
    bytes: fc.option(fc.nat(), { nil: undefined }),
    code: fc.option(fc.constantFrom(...codes), { nil: undefined }),
    part: fc.boolean(),
  });

  it('of two parts, in either order, is the summary of the whole', () => {
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 40 }), (shapes) => {
        const all = shapes.map(({ ms, code, part, ...more }, index) => {
          const fields = { timing: { queue: 0, total: ms }, ...more };
          const record = code === undefined ? fetched(index, ms, fields) : failed(index, code, fields);
          return { part, record };
        });
        const records = all.map(({ record }) => record);
        const first = all.filter(({ part }) => part).map(({ record }) => record);
        const second = all.filter(({ part }) => !part).map(({ record }) => record);

        const forwards = summaryOf(first);
        forwards.merge(summaryOf(second));
        const backwards = summaryOf(second);
        backwards.merge(summaryOf(first));

        expect(forwards.toJSON()).toEqual(summaryOf(records).toJSON());
        expect(backwards.toJSON()).toEqual(summaryOf(records).toJSON());
      }),
    );
  });

  it('leaves the other as it was', () => {
    const other = summaryOf([failed(3, 'TOTAL_TIMEOUT')]);
    const before = JSON.stringify(other);
    const merged = new Summary();
    merged.merge(other);
    merged.add(failed(4, 'TOTAL_TIMEOUT'));
    expect(JSON.stringify(other)).toBe(before);
  });
});
