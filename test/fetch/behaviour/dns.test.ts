import { describe, expect, it } from 'vitest';
import type { Resolve } from '../../../src/fetch/http/lookup.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { fetchAll, fetchOne, paths } from './fetching.ts';
import { toLoopback } from './names.ts';

failOnLeaks();

/** A resolver that fails with an error of the system. */
const failing =
  (code: string): Resolve =>
  (hostname, _family, done) => {
    setImmediate(done, Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code }), []);
  };

/** A resolver, and the names that it was asked for. */
function counted(resolve: Resolve) {
  const asked: string[] = [];
  const counting: Resolve = (hostname, family, done) => {
    asked.push(hostname);
    resolve(hostname, family, done);
  };
  return { asked, resolver: counting };
}

const addresses =
  (...all: string[]): Resolve =>
  (_hostname, _family, done) => {
    setImmediate(
      done,
      null,
      all.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

describe('a name', () => {
  it.each([
    ['ENOTFOUND', 'DNS_NOT_FOUND'],
    ['ENODATA', 'DNS_NOT_FOUND'],
    ['EAI_AGAIN', 'DNS_FAILED'],
    ['ESERVFAIL', 'DNS_FAILED'],
    ['EAI_FAIL', 'DNS_FAILED'],
  ])('that fails with %s is %s, after retries that ask again', async (code, expected) => {
    const { asked, resolver } = counted(failing(code));
    expect(await fetchOne('http://nowhere.test/', { resolver, retry: 2 })).toMatchObject({
      ok: false,
      attempts: 3,
      error: { kind: 'dns', code: expected, message: expect.stringContaining('nowhere.test') },
    });
    expect(asked).toHaveLength(3);
  });

  it('that comes back is found by a retry', async () => {
    await using server = await scriptedServer({ '*': {} });
    let lookups = 0;
    const record = await fetchOne(`http://back.test:${server.port}/`, {
      resolver: (...call) => (lookups++ === 0 ? failing('EAI_AGAIN') : toLoopback)(...call),
    });
    expect(record).toMatchObject({ ok: true, attempts: 2 });
  });

  it.each([
    ['at the same time', 20],
    ['one after the other', 1],
  ])('is looked up once for many tasks %s', async (_, concurrency) => {
    await using server = await scriptedServer({ '*': { headers: { connection: 'close' } } });
    const { asked, resolver } = counted(toLoopback);
    const urls = ['a', 'b'].flatMap((name) => paths(`http://${name}.test:${server.port}`, 40));
    const records = await fetchAll(urls, { concurrency, resolver });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(server.sockets.total).toBe(80);
    expect(asked.toSorted()).toEqual(['a.test', 'b.test']);
  });

  it('may be looked up without a wait', async () => {
    await using server = await scriptedServer({ '*': {} });
    const record = await fetchOne(`http://quick.test:${server.port}/`, {
      resolver: (_hostname, _family, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    expect(record.ok).toBe(true);
    expect(record.timing.dns).toBeGreaterThanOrEqual(0);
  });

  it('that fails lets others alone', async () => {
    await using server = await scriptedServer({ '*': {} });
    const urls = Array.from({ length: 30 }, (_, at) =>
      at % 3 === 0 ? `http://bad${at}.test/` : `http://good.test:${server.port}/${at}`,
    );
    const records = await fetchAll(urls, {
      concurrency: 2,
      retry: 0,
      resolver: (name, ...rest) =>
        (name.startsWith('bad') ? failing('ENOTFOUND') : toLoopback)(name, ...rest),
    });
    expect(records.map(({ ok }) => ok)).toEqual(urls.map((_, at) => at % 3 !== 0));
  });
});

describe('several addresses', () => {
  it.each([
    ['of one family', '127.0.0.9'],
    ['of both', '::1'],
  ])('%s are tried in turn', async (_, first) => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const record = await fetchOne(`http://multi.test:${server.port}/`, {
      resolver: addresses(first, '127.0.0.1'),
      retry: 0,
    });
    expect(record).toMatchObject({ ok: true, body: 'ok', attempts: 1 });
  });

  it('that all refuse are one refusal', async () => {
    const server = await scriptedServer({});
    await server.close();
    const record = await fetchOne(`http://multi.test:${server.port}/`, {
      resolver: addresses('127.0.0.8', '127.0.0.9'),
      retry: 1,
    });
    expect(record).toMatchObject({
      ok: false,
      attempts: 2,
      error: { kind: 'connect', code: 'CONNECTION_REFUSED' },
    });
  });

  it('that are none are a failure', async () => {
    const record = await fetchOne('http://none.test/', { resolver: addresses(), retry: 0 });
    expect(record).toMatchObject({ ok: false, error: { kind: 'dns' } });
  });
});

it('an address is not looked up', async () => {
  await using server = await scriptedServer({ '*': {} });
  const { asked, resolver } = counted(toLoopback);
  const record = await fetchOne(server.url, { resolver });
  expect(record.ok).toBe(true);
  expect(record.timing.dns).toBeUndefined();
  expect(asked).toEqual([]);
});
