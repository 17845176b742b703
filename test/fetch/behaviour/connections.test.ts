import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { onRequest, send } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer, type Act } from '../../servers/raw.ts';
import { until } from '../../servers/until.ts';
import { fetchAll, paths } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

/**
 * Counts the connections that the client holds. Looked at when the events of a turn are through: the
 * end of the old connection and the beginning of its successor may be among them in either order.
 */
function countSockets() {
  const held = new Set<Socket>();
  const counts = { peak: 0 };
  const watch: Act = (socket) => {
    held.add(socket);
    socket.once('end', () => held.delete(socket)).once('close', () => held.delete(socket));
    setImmediate(() => (counts.peak = Math.max(counts.peak, held.size)));
  };
  return { counts, watch };
}

/** The same order in every run (Numerical Recipes' linear congruential generator). */
function shuffled<T>(items: readonly T[]): T[] {
  let state = 1;
  const keyed = items.map((item) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return { item, key: state };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

const answering = onRequest(send(whole('ok')));

describe('sockets', () => {
  it.each([
    ['sorted', (urls: string[]) => urls],
    ['shuffled', shuffled<string>],
  ])('of 300 hosts, %s, are never more than --concurrency', async (_, order) => {
    const { counts, watch } = countSockets();
    await using server = await rawServer((socket, connection) => {
      void watch(socket, connection);
      return answering(socket, connection);
    });
    const urls = order(origins(server.port, 300).flatMap((origin) => paths(origin, 3)));
    const records = await fetchAll(urls, { concurrency: 10, resolver: toLoopback });
    expect(records.filter(({ ok }) => ok)).toHaveLength(900);
    expect(counts.peak).toBe(10);
    expect(server.sockets.total).toBeLessThan(400);
    await until(() => server.sockets.open === 0);
  });

  it('are about one a host, not one a task, however the list is mixed', async () => {
    await using server = await rawServer(answering);
    const urls = shuffled(origins(server.port, 40).flatMap((origin) => paths(origin, 10)));
    const records = await fetchAll(urls, { concurrency: 4, resolver: toLoopback });
    expect(records.filter(({ ok }) => ok)).toHaveLength(400);
    expect(server.sockets.total).toBeGreaterThanOrEqual(40);
    expect(server.sockets.total).toBeLessThan(60);
  });

  it('are used again for as long as the server keeps them', async () => {
    await using server = await rawServer(answering);
    await fetchAll(paths(server.url, 100), { concurrency: 1 });
    expect(server.sockets.total).toBe(1);
  });

  it.each(['GET', 'HEAD', 'POST', 'DELETE'])('survive a %s', async (method) => {
    await using server = await rawServer(onRequest(send(whole())));
    const records = await fetchAll(paths(server.url, 5), { concurrency: 1, method });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(server.sockets.total).toBe(1);
  });

  it('are one a task when the server closes each', async () => {
    await using server = await rawServer(
      onRequest(send(whole('ok', ['Connection: close'])), (socket) => void socket.end()),
    );
    const records = await fetchAll(paths(server.url, 30), { concurrency: 3, retry: 0 });
    expect(records.every(({ ok, attempts }) => ok && attempts === 1)).toBe(true);
    expect(server.sockets.total).toBe(30);
  });
});
