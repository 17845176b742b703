import { describe, expect, it } from 'vitest';
import { PastTables } from '../../../src/cli/resume/past-tables.ts';
import type { ResumePoint, Task } from '../../../src/model/task.ts';
import { maybeSent } from '../../../src/sinks/maybe-sent.ts';
import type { Standing } from '../../../src/sinks/sql/standing.ts';

const task: Task = {
  index: 7,
  url: 'http://a/7',
  origin: 'http://a',
  request: { method: 'GET', headers: [], body: undefined },
};
const at = (page: number): ResumePoint => ({ page, url: `http://a/7?p=${page}`, visited: ['http://a/7'] });
const done: Standing = { is: 'done' };
const failed: Standing = { is: 'failed' };
const missing = (page?: number): Standing => ({
  is: 'missing',
  from: page === undefined ? undefined : at(page),
});
const unknown = (page?: number): Standing => ({
  is: 'unknown',
  from: page === undefined ? undefined : at(page),
});

/** What becomes of one task, and what is counted. */
async function taken(standings: readonly Standing[], files?: (task: Task) => Task | undefined) {
  const tables = new PastTables();
  tables.asked.push(...standings.map((standing) => () => Promise.resolve([standing])));
  const [next] = await tables.take([task], files);
  return { next, counts: [tables.passed, tables.failed, tables.unknown] };
}

describe('by what tables say', () => {
  it.each<[string, readonly Standing[], Task | undefined, readonly number[]]>([
    ['done in all', [done, done], undefined, [1, 0, 0]],
    ['failed in one', [done, failed], undefined, [1, 1, 0]],
    ['missing in one', [done, missing()], task, [0, 0, 0]],
    ['from the earliest page', [missing(5), missing(3)], { ...task, resumeAt: at(3) }, [0, 0, 0]],
    ['from the start, before all pages', [missing(5), missing()], task, [0, 0, 0]],
    ['that may have been sent', [unknown()], undefined, [1, 1, 1]],
    [
      'that may have been sent, and is missing',
      [unknown(), missing()],
      { ...task, invalid: maybeSent },
      [0, 0, 0],
    ],
    [
      'with a page that may have been sent',
      [missing(), unknown(2)],
      { ...task, resumeAt: at(2), invalid: maybeSent },
      [0, 0, 0],
    ],
  ])('%s', async (_, standings, next, counts) => {
    expect(await taken(standings)).toEqual({ next, counts });
  });
});

describe('with files beside them', () => {
  it.each<[string, Standing, Task | undefined, Task | undefined]>([
    ['done in both', done, undefined, undefined],
    ['missing in the files', done, task, task],
    ['missing in the table', missing(), undefined, task],
    ['from the earliest page', missing(4), { ...task, resumeAt: at(2) }, { ...task, resumeAt: at(2) }],
    [
      'not sent again, by the files',
      missing(),
      { ...task, invalid: maybeSent },
      { ...task, invalid: maybeSent },
    ],
    ['not sent again, by the table', unknown(), task, { ...task, invalid: maybeSent }],
    ['may have been sent, and the files have it', unknown(), undefined, undefined],
  ])('%s', async (_, standing, byFiles, next) => {
    expect((await taken([standing], () => byFiles)).next).toEqual(next);
  });
});
