import { beforeAll, expect, it } from 'vitest';
import type { FetchRecord } from '../../src/model/record.ts';
import { faults } from '../servers/faults/index.ts';
import { rightBody } from '../servers/faults/fault.ts';
import { faultServer } from '../servers/faults/server.ts';
import { until } from '../servers/until.ts';
import { fetchAll } from '../fetch/behaviour/fetching.ts';

const methods = ['GET', 'POST'] as const;
const names = Object.keys(faults);
const timeout = 3000;
const records = new Map<string, FetchRecord>();

beforeAll(async () => {
  await using server = await faultServer();
  const tasks = methods.flatMap((method) =>
    names.map((name) => ({
      id: `${method}-${name}`,
      url: `${server.url}/${name}/${method}-${name}`,
      method,
      ...(method === 'POST' && { body: 'x' }),
    })),
  );
  const all = await fetchAll(tasks, { concurrency: tasks.length, timeout, retry: 0, maxBody: 65_536 });
  all.forEach((record) => records.set(record.id, record));
  const posts = [...server.given.values()].flat().filter(({ method }) => method === 'POST');
  expect(posts).toHaveLength(names.length);
  await until(() => server.sockets.open === 0);
});

it.each(names.flatMap((name) => methods.map((method) => [method, name] as const)))(
  '%s %s is told as what it is, within its limit',
  (method, name) => {
    const id = `${method}-${name}`;
    const { error, body, attempts, timing, status } = records.get(id)!;
    expect([error?.code ?? 'ok', attempts]).toEqual([faults[name]!.told, 1]);
    expect(timing.total).toBeLessThan(2 * timeout);
    if (error === undefined && status !== 204) {
      expect(body).toBe(rightBody(id));
    }
  },
);
