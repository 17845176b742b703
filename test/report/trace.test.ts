import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../src/model/failure.ts';
import type { ExchangeEnded, RunEvent } from '../../src/model/observer.ts';
import { Trace, type TraceEvent } from '../../src/report/trace.ts';
import { readCutTrace, readTrace } from './trace-format.ts';

const origin = 'http://a';
const opened = (lane: number): RunEvent => ({ event: 'lane-opened', at: 1, lane, origin });

const exchange: ExchangeEnded = {
  event: 'exchange',
  lane: 1,
  index: 7,
  id: 'seven',
  method: 'GET',
  url: 'http://a/7',
  attempt: 1,
  hops: 0,
  startedAt: 10,
  at: 20,
  phases: { queue: 1, connect: 2, wait: 6.5, download: 0.5 },
  status: 200,
  bytes: 5,
  reused: false,
};

/** What becomes of these events, read again. */
function traced(events: readonly RunEvent[]): TraceEvent[] {
  const trace = new Trace();
  return readTrace(JSON.stringify([...trace.begin(), ...events.flatMap((event) => trace.of(event))]));
}

const slices = (events: readonly TraceEvent[]) => events.filter(({ ph }) => ph === 'X');

it('an exchange is a slice in the row of its lane, with its phases inside', () => {
  const events = traced([opened(1), exchange]);
  expect(slices(events).map(({ name, tid, ts, dur }) => ({ name, tid, ts, dur }))).toEqual([
    { name: 'GET 200', tid: 1, ts: 10_000, dur: 10_000 },
    { name: 'queue', tid: 1, ts: 10_000, dur: 1_000 },
    { name: 'connect', tid: 1, ts: 11_000, dur: 2_000 },
    { name: 'wait', tid: 1, ts: 13_000, dur: 6_500 },
    { name: 'download', tid: 1, ts: 19_500, dur: 500 },
  ]);
  expect(slices(events)[0]?.args).toEqual({
    id: 'seven',
    url: 'http://a/7',
    status: 200,
    attempt: 1,
    bytes: 5,
    reused: false,
  });
});

it('one that failed says why, in red', () => {
  const { status: _, ...unanswered } = exchange;
  const reason = failure('TOTAL_TIMEOUT', 'http://a: no answer within 10 ms');
  const [slice] = slices(traced([opened(1), { ...unanswered, failure: reason }]));
  expect(slice).toMatchObject({ name: 'GET TOTAL_TIMEOUT', cname: 'terrible' });
  expect(slice?.args).toMatchObject({ error: 'TOTAL_TIMEOUT', message: reason.message });
});

it('rows are named once, however often their lanes open', () => {
  const events = traced([
    opened(1),
    opened(2),
    { ...opened(1), event: 'lane-closed' } as RunEvent,
    opened(1),
  ]);
  const names = events.filter(({ name }) => name === 'thread_name').map(({ args }) => args?.['name']);
  expect(names).toEqual(['run', 'lane 1', 'lane 2']);
});

describe('an arrow', () => {
  const of = { index: 7, id: 'seven', lane: 1, url: exchange.url };
  const retry: RunEvent = { event: 'retry', at: 20, ...of, attempt: 1, delayMs: 5, cause: 'HTTP 503' };
  const again: ExchangeEnded = { ...exchange, lane: 2, attempt: 2, startedAt: 30, at: 40 };

  it('leads from an attempt to its retry, on whatever lane that is', () => {
    const events = traced([opened(1), opened(2), exchange, retry, again]);
    const arrow = events.filter(({ ph }) => ph === 's' || ph === 'f');
    expect(arrow).toMatchObject([
      { name: 'retry', ph: 's', tid: 1, ts: 19_999, args: { cause: 'HTTP 503', delayMs: 5 } },
      { name: 'retry', ph: 'f', tid: 2, ts: 30_000, bp: 'e', id: arrow[0]?.id },
    ]);
  });

  it('leads from a redirect to where it goes', () => {
    const redirect: RunEvent = {
      event: 'redirect',
      at: 20,
      ...of,
      status: 302,
      from: 'http://a/7',
      to: 'http://a/8',
    };
    const events = traced([opened(1), opened(2), exchange, redirect, again]);
    expect(events.filter(({ ph }) => ph === 's' || ph === 'f').map(({ name }) => name)).toEqual([
      'redirect',
      'redirect',
    ]);
  });

  it('is not that of another task, or of another page', () => {
    const events = traced([
      opened(1),
      opened(2),
      exchange,
      retry,
      { ...again, index: 8 },
      { ...again, page: 2 },
    ]);
    expect(events.filter(({ ph }) => ph === 'f')).toEqual([]);
  });

  it('that leads nowhere, because the task was given up, is forgotten', () => {
    const reason = failure('ABORTED', 'the run was stopped');
    const end: RunEvent = { event: 'task-failed', at: 25, ...of, attempts: 1, failure: reason };
    const events = traced([opened(1), opened(2), exchange, retry, end, again]);
    expect(events.filter(({ ph }) => ph === 'f')).toEqual([]);
  });
});

it('pauses of hosts are moments, and what is in flight is a count', () => {
  const state = {
    read: 5,
    sourceEnded: true,
    waiting: 3,
    inFlight: 2,
    finished: 0,
    requests: 2,
    retries: 0,
    sockets: 2,
    between: 0,
    sourceWaits: false,
    sinkIsBehind: false,
    sinkWaits: true,
    hosts: 1,
    busiest: [],
    oldest: [],
  };
  const events = traced([
    { event: 'host-paused', at: 5, origin, forMs: 2_000, cause: 'HTTP 429' },
    { event: 'sample', at: 6, state },
  ]);
  expect(events.slice(2)).toMatchObject([
    { ph: 'i', s: 'p', name: 'paused: http://a', ts: 5_000, args: { forMs: 2_000, cause: 'HTTP 429' } },
    { ph: 'C', name: 'in flight', args: { 'in flight': 2 } },
    { ph: 'C', name: 'waiting', args: { waiting: 3 } },
    { ph: 'C', name: 'done', args: { done: 0 } },
  ]);
});

it('phases of any length lie in their exchange, one after the other', () => {
  const ms = fc.double({ min: 0, max: 1e4, noNaN: true });
  const phases = fc.record({ queue: ms, dns: ms, connect: ms, tls: ms, wait: ms, download: ms });
  fc.assert(
    fc.property(ms, phases, (startedAt, phases) => {
      const at = startedAt + Object.values(phases).reduce((sum, phase) => sum + phase, 0);
      const [outer, ...inner] = slices(traced([opened(1), { ...exchange, startedAt, at, phases }]));
      const covered = inner.reduce((sum, { dur = 0 }) => sum + dur, 0);
      return covered >= outer!.dur! - 1;
    }),
  );
});

describe('the checker of this test', () => {
  const row: TraceEvent = { name: 'thread_name', ph: 'M', pid: 1, tid: 1, ts: 0, args: { name: 'lane 1' } };
  const slice = (ts: number, dur: number): TraceEvent => ({ name: 'a', ph: 'X', pid: 1, tid: 1, ts, dur });
  const end: TraceEvent = { name: 'retry', cat: 'retry', id: 1, ph: 'f', bp: 'e', pid: 1, tid: 1, ts: 5 };
  it.each<[string, TraceEvent[]]>([
    ['slices that cross', [row, slice(0, 10), slice(5, 10)]],
    ['an arrow that never began', [row, slice(0, 10), end]],
    ['an arrow in no slice', [row, { ...end, ph: 's' }]],
    ['a row without a name', [slice(0, 10)]],
    ['a slice without a length', [row, { name: 'a', ph: 'X', pid: 1, tid: 1, ts: 0 }]],
    ['a count that is none', [row, { name: 'a', ph: 'C', pid: 1, tid: 1, ts: 0, args: { a: 'b' } }]],
  ])('sees %s', (_, events) => {
    expect(() => readTrace(JSON.stringify(events))).toThrow();
  });

  it('reads what was cut off', () => {
    const text = JSON.stringify([row, slice(0, 10)]);
    expect(readCutTrace(text.slice(0, -1))).toHaveLength(2);
  });
});
