import { expect, it } from 'vitest';
import { entryOf, type LoggedEvent } from '../../../src/cli/debug/entries.ts';
import { failure } from '../../../src/model/failure.ts';

const origin = 'http://a';
const task = { index: 7, id: 'seven' };
const exchange = {
  event: 'exchange',
  at: 113.2,
  startedAt: 10,
  lane: 3,
  ...task,
  method: 'GET',
  url: 'http://a/7',
  attempt: 1,
  hops: 0,
  phases: { queue: 0.01, connect: 0.94, wait: 98.2, download: 4.06 },
  status: 200,
  bytes: 991,
  reused: false,
} as const;
const { status: _, ...unanswered } = exchange;
const late = failure('TOTAL_TIMEOUT', 'http://a: no answer within 100 ms');

it.each<[string, string, LoggedEvent]>([
  ['debug', 'lane 3: opened to http://a', { event: 'lane-opened', at: 1, lane: 3, origin }],
  ['debug', 'lane 3: closed, it was to http://a', { event: 'lane-closed', at: 1, lane: 3, origin }],
  [
    'debug',
    'lane 3: GET http://a/7 attempt 1: 200, 991 bytes in 103 ms (connect 0.9, wait 98.2, download 4.1)',
    exchange,
  ],
  [
    'debug',
    'lane 3: GET http://a/7 page 2, attempt 2, redirect 1: 304, 0 bytes in 103 ms',
    { ...exchange, page: 2, attempt: 2, hops: 1, status: 304, bytes: 0, phases: { queue: 0 } },
  ],
  [
    'debug',
    'lane 3: GET http://a/7 attempt 1: TOTAL_TIMEOUT in 103 ms (queue 1.0, wait 102.2): http://a: no answer within 100 ms',
    { ...unanswered, failure: late, phases: { queue: 1, wait: 102.2 } },
  ],
  [
    'info',
    'task seven: HTTP 503 in attempt 1, another in 512 ms: http://a/7',
    {
      event: 'retry',
      at: 1,
      ...task,
      lane: 3,
      url: 'http://a/7',
      attempt: 1,
      delayMs: 512,
      cause: 'HTTP 503',
    },
  ],
  [
    'debug',
    'task seven: 302 from http://a/7 to http://a/8',
    { event: 'redirect', at: 1, ...task, lane: 3, status: 302, from: 'http://a/7', to: 'http://a/8' },
  ],
  [
    'warn',
    'task seven, page 3: failed after 4 attempts: TOTAL_TIMEOUT: http://a: no answer within 100 ms: http://a/7',
    { event: 'task-failed', at: 1, ...task, page: 3, url: 'http://a/7', attempts: 4, failure: late },
  ],
  [
    'warn',
    'http://a: paused for 2.00 s: HTTP 429',
    { event: 'host-paused', at: 1, origin, forMs: 2000, cause: 'HTTP 429' },
  ],
  ['warn', 'http://a: given up: HTTP 500', { event: 'host-down', at: 1, origin, cause: 'HTTP 500' }],
  [
    'info',
    'http://a: 10 -> 20 at once: search',
    { event: 'limit', at: 1, origin, from: 10, to: 20, cause: 'search' },
  ],
  ['info', 'http://a: 251/s: HTTP 429', { event: 'rate', at: 1, origin, to: 251, cause: 'HTTP 429' }],
  [
    'info',
    'http://a: 251/s -> 277/s: search',
    { event: 'rate', at: 1, origin, from: 251, to: 277, cause: 'search' },
  ],
  [
    'warn',
    '50 -> 41 tasks at once: TOO_MANY_OPEN_FILES',
    { event: 'concurrency', at: 1, from: 50, to: 41, cause: 'TOO_MANY_OPEN_FILES' },
  ],
  [
    'debug',
    '256 records to standard output in 1.20 ms',
    { event: 'batch', at: 1, records: 256, sink: 'standard output', tookMs: 1.2 },
  ],
  [
    'warn',
    'task seven: --transform ./hash.ts has kept its worker for 340 ms',
    { event: 'transform-slow', at: 1, ...task, spec: './hash.ts', tookMs: 340 },
  ],
])('%s %s', (level, text, event) => {
  expect(entryOf(event)).toMatchObject({ level, text, event: event.event });
});

it('for a program an exchange has its length, and all else as it was told', () => {
  const { event: _event, at, startedAt, ...rest } = exchange;
  expect(entryOf(exchange).fields).toEqual({ ...rest, tookMs: at - startedAt });
});

it('what the engine fetches for itself is no task', () => {
  const robots = { ...task, index: -1, id: '-1', lane: 1, url: 'http://a/robots.txt', attempt: 1 };
  const { text } = entryOf({ event: 'retry', at: 1, ...robots, delayMs: 5, cause: 'HTTP 503' });
  expect(text).toBe('own request: HTTP 503 in attempt 1, another in 5.00 ms: http://a/robots.txt');
});
