import { expect, it } from 'vitest';
import type { Resolve } from '../../src/fetch/http/lookup.ts';
import { fetchAll, paths } from '../fetch/behaviour/fetching.ts';
import { origins, toLoopback } from '../fetch/behaviour/names.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';

failOnLeaks();

const down: Resolve = (hostname, _family, done) => {
  const error = Object.assign(new Error(`getaddrinfo EAI_AGAIN ${hostname}`), { code: 'EAI_AGAIN' });
  setImmediate(done, error, []);
};

/** Names cannot be resolved from the 31st lookup to the 90th. */
function downForAWhile(): { readonly resolver: Resolve; readonly lookups: () => number } {
  let lookups = 0;
  return {
    resolver: (...call) => (++lookups > 30 && lookups <= 90 ? down : toLoopback)(...call),
    lookups: () => lookups,
  };
}

it.each(['GET', 'POST'])('a name server that is down and comes back costs no %s', async (method) => {
  await using server = await scriptedServer({ '*': { body: 'ok' } });
  const urls = origins(server.port, 50).flatMap((origin) => paths(origin, 8));
  const { resolver, lookups } = downForAWhile();
  const records = await fetchAll(urls, { resolver, method, concurrency: 20, retry: 6 });
  expect(records.filter(({ ok }) => ok)).toHaveLength(400);
  expect(server.received).toHaveLength(400);
  expect(lookups()).toBeGreaterThan(90);
});

it('a name server that stays down is told for every task that needs it, and for no other', async () => {
  await using server = await scriptedServer({ '*': { body: 'ok' } });
  const known = origins(server.port, 30).flatMap((origin) => paths(origin, 2));
  const urls = [...known, ...paths('http://late.test', 20), ...paths(server.url, 20)];
  const records = await fetchAll(urls, {
    resolver: (name, ...rest) => (name === 'late.test' ? down : toLoopback)(name, ...rest),
    retry: 2,
  });
  expect(records.map(({ ok, attempts, error }) => (ok ? 'ok' : `${attempts} ${error?.code}`))).toEqual([
    ...known.map(() => 'ok'),
    ...Array.from({ length: 20 }, () => '3 DNS_FAILED'),
    ...Array.from({ length: 20 }, () => 'ok'),
  ]);
});
