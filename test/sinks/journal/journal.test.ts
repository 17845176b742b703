import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { recordLine } from '../../../src/model/line.ts';
import { journalOf, record, refused } from './outputs.ts';

const text = [
  record(3),
  record(0, { url: 'http://a/ü', content: { form: 'text', text: 'ü€😀\n"{' } }),
  record(2, refused),
  record(70_000, { url: 'http://a/"q"' }),
]
  .map(recordLine)
  .join('');
const bytes = Buffer.from(text);

describe('an output cut at every byte', () => {
  it.each([1, 7, 1000])('has the whole lines before the cut, in chunks of %i', async (chunkBytes) => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const kept = bytes.subarray(0, cut);
      const end = kept.lastIndexOf('\n') + 1;
      const journal = await journalOf(kept, chunkBytes);
      const { done, bytes: whole, torn } = journal;
      expect({ done, whole, torn }).toEqual({
        done: kept.subarray(0, end).toString().split('\n').length - 1,
        whole: end,
        torn: cut - end,
      });
    }
  });
});

it('knows what is done, what failed and why', async () => {
  const journal = await journalOf(text);
  expect([0, 1, 2, 3, 4, 69_999, 70_000].map((index) => journal.isDone(index))).toEqual([
    true,
    false,
    true,
    true,
    false,
    false,
    true,
  ]);
  expect([journal.done, journal.failed, [...journal.failures]]).toEqual([4, 1, [['CONNECTION_REFUSED', 1]]]);
});

it('notices another URL', async () => {
  const journal = await journalOf(text);
  const agrees = [3, 0, 2, 70_000].map((index) => journal.urls.agrees(index, `http://a/${index}`));
  expect(agrees).toEqual([true, false, true, false]);
  expect(journal.urls.agrees(0, 'http://a/ü')).toBe(true);
  expect(journal.urls.agrees(70_000, 'http://a/"q"')).toBe(true);
  expect(journal.urls.agrees(1, 'http://b/')).toBe(true); // there is no record
});

it('counts a line about what has a line already, and no task twice', async () => {
  const journal = await journalOf(text + recordLine(record(2)));
  expect([journal.done, journal.failed, journal.duplicates]).toEqual([4, 1, 1]);
});

it('leaves out what is to be taken out', async () => {
  const journal = await journalOf(text, 1000, { isDropped: ({ ok }) => !ok });
  expect([journal.done, journal.failed, journal.dropped.count, journal.isDone(2)]).toEqual([3, 0, 1, false]);
});

it('tells of the files', async () => {
  const files: string[] = [];
  const lines = [record(0, { file: 'bodies/ü.json' }), record(1), record(2, { file: 'bodies/2' })];
  await journalOf(lines.map(recordLine).join(''), 1000, { onFile: (file) => files.push(file) });
  expect(files).toEqual(['bodies/ü.json', 'bodies/2']);
});

it('names the line that is no record', async () => {
  await expect(journalOf(`${text}nonsense\n${text}`, 50)).rejects.toThrow(
    new UsageError('out.jsonl:5: no record with an index'),
  );
});

describe('pages', () => {
  const page = (index: number, number: number, next?: string) =>
    recordLine(record(index, { page: number, next, url: `http://a/${index}?page=${number}` }));

  it('a task is done with its last one', async () => {
    const journal = await journalOf(page(0, 1, 'http://a/0?page=2') + page(0, 2));
    expect([journal.done, journal.open.size]).toEqual([1, 0]);
  });

  it('a task goes on after those that are there', async () => {
    const journal = await journalOf(
      page(5, 1, 'http://a/5?page=2') + page(6, 1) + page(5, 2, 'http://a/5?page=3'),
    );
    expect(journal.open.get(5)).toEqual({
      page: 2,
      next: 'http://a/5?page=3',
      visited: ['http://a/5?page=1', 'http://a/5?page=2'],
    });
    expect([journal.done, journal.has(5, 2), journal.has(5, 3), journal.has(6, 9)]).toEqual([
      1,
      true,
      false,
      true,
    ]);
  });

  it('a task with as many as are wanted is done', async () => {
    const text = page(0, 1, 'http://a/0?page=2') + page(0, 2, 'http://a/0?page=3');
    expect((await journalOf(text, 1000, { maxPages: 2 })).done).toBe(1);
    expect((await journalOf(text, 1000, { maxPages: 3 })).done).toBe(0);
  });
});
