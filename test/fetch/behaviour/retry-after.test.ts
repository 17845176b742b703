import { describe, expect, it } from 'vitest';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type Canned } from '../../servers/scripted.ts';
import { fetchAll, fetchOne, paths } from './fetching.ts';
import { toLoopback } from './names.ts';

failOnLeaks();

/** Answers the first request of all with `refusal`, and records when each came. */
async function refusingOnce(refusal: () => Canned) {
  const arrivals: { host: string; target: string; at: number }[] = [];
  const server = await scriptedServer({
    '*': ({ headers, target }) => {
      arrivals.push({ host: headers.host!.split(':')[0]!, target, at: performance.now() });
      return arrivals.length === 1 ? refusal() : {};
    },
  });
  return { server, arrivals };
}

const inSeconds = (status: number) => () => ({ status, headers: { 'retry-after': '1' } });
const byDate = () => {
  const at = new Date(Date.now() + 1_999); // a date has whole seconds, so at least one is left
  return { status: 503, headers: { 'retry-after': at.toUTCString() } };
};

describe('Retry-After', () => {
  it.each([
    ['seconds with 503', inSeconds(503)],
    ['seconds with 429', inSeconds(429)],
    ['a date', byDate],
  ])('as %s pauses the host, for the siblings too', async (_name, refusal) => {
    const { server, arrivals } = await refusingOnce(refusal);
    await using _ = server;
    const records = await fetchAll(paths(server.url, 5), { concurrency: 1 });
    expect(records.map(({ ok, attempts }) => [ok, attempts])).toEqual([
      [true, 2],
      ...Array.from({ length: 4 }, () => [true, 1]),
    ]);
    expect(arrivals[1]!.at - arrivals[0]!.at).toBeGreaterThanOrEqual(990);
    expect(arrivals).toHaveLength(6);
  });

  it('pauses the host also when the task itself is not retried', async () => {
    const { server, arrivals } = await refusingOnce(inSeconds(429));
    await using _ = server;
    const records = await fetchAll(paths(server.url, 3), { concurrency: 1, retry: 0 });
    expect(records.map(({ status }) => status)).toEqual([429, 200, 200]);
    expect(arrivals[1]!.at - arrivals[0]!.at).toBeGreaterThanOrEqual(990);
  });

  it('costs other hosts nothing, not even a lane', async () => {
    const { server, arrivals } = await refusingOnce(inSeconds(503));
    await using _ = server;
    const mixed = ['busy', 'calm', 'busy', 'calm'].map(
      (name, at) => `http://${name}.test:${server.port}/${at}`,
    );
    await fetchAll(mixed, { concurrency: 1, resolver: toLoopback });
    expect(arrivals.map(({ host }) => host)).toEqual([
      'busy.test',
      'calm.test',
      'calm.test',
      'busy.test',
      'busy.test',
    ]);
    expect(arrivals[3]!.at - arrivals[0]!.at).toBeGreaterThanOrEqual(990);
  });

  it('beyond --retry-max-time is a final answer, and pauses no longer than that', async () => {
    const { server, arrivals } = await refusingOnce(() => ({
      status: 503,
      headers: { 'retry-after': '3600' },
    }));
    await using _ = server;
    const records = await fetchAll(paths(server.url, 2), { concurrency: 1, retryMaxTime: 150 });
    expect(records.map(({ status, attempts }) => [status, attempts])).toEqual([
      [503, 1],
      [200, 1],
    ]);
    expect(arrivals[1]!.at - arrivals[0]!.at).toBeGreaterThanOrEqual(150);
  });

  it('is not taken for a pause with other statuses', async () => {
    const { server, arrivals } = await refusingOnce(() => ({
      status: 404,
      headers: { 'retry-after': '3600' },
    }));
    await using _ = server;
    await fetchAll(paths(server.url, 2), { concurrency: 1 });
    expect(arrivals).toHaveLength(2);
  });

  it('that nobody can read is as good as none', async () => {
    const { server } = await refusingOnce(() => ({ status: 503, headers: { 'retry-after': 'soon' } }));
    await using _ = server;
    expect(await fetchOne(server.url)).toMatchObject({ ok: true, attempts: 2 });
  });
});
