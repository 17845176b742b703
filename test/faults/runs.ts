import { expect } from 'vitest';
import { sorted, type CliResult, type Line } from '../e2e/cli.ts';
import { rightBody } from '../servers/faults/fault.ts';
import type { FaultServer } from '../servers/faults/server.ts';

/** A task file of GET and POST in turn. The ids are `g0`, `p1`, `g2` … */
export function taskFile(url: string, count: number): string {
  const tasks = Array.from({ length: count }, (_, at) => {
    const id = `${at % 2 === 0 ? 'g' : 'p'}${at}`;
    return at % 2 === 0 ? { id, url: `${url}/${id}` } : { id, url: `${url}/${id}`, json: { id } };
  });
  return tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
}

/**
 * What a run of a task file has to hold, whatever its server did: a record for each task, its own
 * answer in each that is ok, no POST twice, the right exit status and no trace of a stack. Gives the
 * records of tasks that failed.
 */
export function expectSound(result: CliResult, { given }: Pick<FaultServer, 'given'>, count: number): Line[] {
  const records = sorted(result.stdout);
  expect(records.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, at) => at));
  const ok = records.filter((record) => record.ok && record.status !== 204);
  expect(ok.map(({ body }) => body)).toEqual(ok.map(({ id }) => rightBody(id)));
  const posts = [...given.values()].map((all) => all.filter(({ method }) => method === 'POST'));
  expect(posts.filter(({ length }) => length > 1)).toEqual([]);
  const failed = records.filter((record) => !record.ok);
  expect(result.status).toBe(failed.length === 0 ? 0 : 1);
  expect(result.stderr).not.toMatch(/^ +at |please report|Warning/m);
  return failed;
}
