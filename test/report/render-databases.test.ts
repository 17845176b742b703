import { expect, it } from 'vitest';
import type { DatabaseFigures } from '../../src/model/database-figures.ts';
import { renderDatabases } from '../../src/report/render-databases.ts';

const plain: DatabaseFigures = {
  name: 'results.db',
  rowsRead: 0,
  rowsWritten: 100_000,
  batches: 214,
  connections: 1,
  waits: 0,
  waitedMs: 0,
  longestWaitMs: 0,
  reconnects: 0,
  awayMs: 0,
};

it.each<[string, Partial<DatabaseFigures>, string]>([
  ['rows that were written', {}, '100,000 rows in 214 batches'],
  ['one row', { rowsWritten: 1, batches: 1 }, '1 row in 1 batch'],
  ['rows that were read', { rowsRead: 3000, rowsWritten: 0, batches: 0 }, '3,000 rows read'],
  ['both', { rowsRead: 1 }, '1 row read · 100,000 rows in 214 batches'],
  ['nothing', { rowsWritten: 0, batches: 0 }, '0 rows in 0 batches'],
  [
    'waits and absences',
    { waits: 7, waitedMs: 302, longestWaitMs: 12.34, reconnects: 1, awayMs: 2100 },
    '100,000 rows in 214 batches · waited 302 ms for a connection, 12.3 ms at the longest · away once, for 2.10 s',
  ],
  [
    'several absences',
    { reconnects: 2, awayMs: 50 },
    '100,000 rows in 214 batches · away 2 times, for 50.0 ms',
  ],
])('tells of %s', (_, figures, text) => {
  expect(renderDatabases([{ ...plain, ...figures }], { width: 200 })).toEqual([
    `database   results.db: ${text}`,
  ]);
});

it('has a line for each, cut to the width, with nothing in it that a terminal would obey', () => {
  const lines = renderDatabases([plain, { ...plain, name: '\u001b[2J.db' }], { width: 30 });
  expect(lines).toEqual(['database   results.db: 100,00…', String.raw`database   \u{1b}[2J.db: 100,…`]);
});

it('has none without databases', () => {
  expect(renderDatabases([], { width: 80 })).toEqual([]);
});
