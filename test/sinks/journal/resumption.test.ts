import { describe, expect, it } from 'vitest';
import { recordLine } from '../../../src/model/line.ts';
import { createTask, type Task } from '../../../src/model/task.ts';
import { Resumption } from '../../../src/sinks/journal/resumption.ts';
import type { Mark } from '../../../src/sinks/journal/sidecar.ts';
import { journalOf, record, refused } from './outputs.ts';

const task = (index: number): Task =>
  createTask(index, undefined, `http://a/${index}`, { method: 'POST', headers: [], body: undefined });

const nextOf = (page: number) => `http://a/5?page=${page + 1}`;
const page = (number: number) => record(5, { page: number, next: nextOf(number), url: nextOf(number - 1) });

async function resumption(
  outputs: readonly (readonly ReturnType<typeof record>[])[],
  sent: readonly Mark[] = [],
) {
  const journals = await Promise.all(outputs.map((records) => journalOf(records.map(recordLine).join(''))));
  return new Resumption(journals, sent);
}

it('leaves out what is done, failures too', async () => {
  const left = await resumption([[record(0), record(2, refused)]]);
  expect([left.done, left.failed]).toEqual([2, 1]);
  expect([0, 1, 2, 3].map((index) => left.take(task(index)))).toEqual([
    undefined,
    task(1),
    undefined,
    task(3),
  ]);
});

it('goes on after the pages that are there', async () => {
  const left = await resumption([[page(1), page(2)]]);
  expect(left.take(task(5))).toEqual({
    ...task(5),
    resumeAt: { page: 3, url: nextOf(2), visited: [nextOf(0), nextOf(1)] },
  });
});

describe('several outputs', () => {
  it('lack what any of them lacks', async () => {
    const left = await resumption([
      [record(0), record(1)],
      [record(1), record(2)],
    ]);
    expect(left.done).toBe(1);
    expect([0, 1, 2].map((index) => left.take(task(index)))).toEqual([task(0), undefined, task(2)]);
  });

  it('go on with the first page that one of them lacks', async () => {
    const left = await resumption([[page(1), page(2)], [page(1)]]);
    expect(left.take(task(5))?.resumeAt).toMatchObject({ page: 2, url: nextOf(1) });
  });
});

describe('what was sent and may not be sent twice', () => {
  const ending = { code: 'MAYBE_SENT', kind: 'aborted' };

  it('ends without a record of its own', async () => {
    const left = await resumption([[record(0)]], [0, 1, 1]);
    expect(left.unknown).toEqual([1]);
    expect([0, 1, 2].map((index) => left.take(task(index))?.invalid)).toEqual([
      undefined,
      expect.objectContaining(ending),
      undefined,
    ]);
  });

  it('may be a later page', async () => {
    const left = await resumption([[page(1), page(2)]], [5, [5, 2], [5, 3]]);
    expect(left.unknown).toEqual([[5, 3]]);
    expect(left.take(task(5))).toMatchObject({ invalid: ending, resumeAt: { page: 3 } });
  });

  it('is unknown to an output that lacks its record, though another has it', async () => {
    const left = await resumption([[record(1)], []], [1]);
    expect(left.take(task(1))?.invalid).toMatchObject(ending);
  });
});
