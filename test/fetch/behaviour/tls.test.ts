import { describe, expect, it } from 'vitest';
import { onRequest, send } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer } from '../../servers/raw.ts';
import { caFile, oldTlsOnly, tlsServer, type Certificate } from '../../servers/tls.ts';
import { fetchAll, fetchOne, paths, type Settings } from './fetching.ts';

failOnLeaks();

const trusting: Settings = { cacert: caFile };

describe('a server that is trusted', () => {
  it.each(['127.0.0.1', 'localhost'])('by --cacert is fetched from, as %s', async (host) => {
    await using server = await tlsServer('good');
    const record = await fetchOne(`https://${host}:${server.port}/`, trusting);
    expect(record).toMatchObject({ ok: true, status: 200, attempts: 1, bytes: 2 });
    expect(record.timing).toMatchObject({ connect: expect.any(Number), tls: expect.any(Number) });
  });

  it.each<Certificate>(['expired', 'wrong-host', 'self-signed'])('by --insecure: %s', async (certificate) => {
    await using server = await tlsServer(certificate);
    expect(await fetchOne(server.url, { insecure: true })).toMatchObject({ ok: true });
  });

  it('keeps its connection', async () => {
    await using server = await tlsServer('good');
    const records = await fetchAll(paths(server.url, 50), { ...trusting, concurrency: 2 });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(server.sockets.total).toBe(2);
    expect(records.filter(({ timing }) => timing.tls !== undefined)).toHaveLength(2);
  });

  it('sends large bodies whole', async () => {
    const body = Array.from({ length: 200_000 }, (_, at) => at).join(' ');
    await using server = await tlsServer('good', { '*': { body } });
    const records = await fetchAll(paths(server.url, 6), { ...trusting, concurrency: 3, body: 'text' });
    expect(records.every((record) => record.body === body)).toBe(true);
  });
});

describe('a server that is not', () => {
  it.each<[Certificate, Settings, code: string]>([
    ['expired', trusting, 'CERT_EXPIRED'],
    ['wrong-host', trusting, 'CERT_WRONG_HOST'],
    ['self-signed', trusting, 'CERT_SELF_SIGNED'],
    ['self-signed', {}, 'CERT_SELF_SIGNED'],
    ['good', {}, 'CERT_UNTRUSTED'],
  ])('%s, with %o: %s', async (certificate, settings, code) => {
    await using server = await tlsServer(certificate);
    expect(await fetchOne(server.url, settings)).toMatchObject({
      ok: false,
      status: undefined,
      attempts: 1,
      error: { kind: 'tls', code },
    });
    expect(server.received).toEqual([]);
  });

  it('has no version in common', async () => {
    await using server = await tlsServer('good', undefined, oldTlsOnly);
    expect(await fetchOne(server.url, trusting)).toMatchObject({
      attempts: 1,
      error: { kind: 'tls', code: 'TLS_NO_COMMON_VERSION' },
    });
  });

  it('speaks no TLS', async () => {
    await using server = await rawServer(onRequest(send(whole())));
    await using garbage = await rawServer(send('220 mail.example ESMTP\r\n'));
    for (const { url } of [server, garbage]) {
      const record = await fetchOne(url.replace('http', 'https'), { timeout: 300, retry: 0 });
      expect(record.ok).toBe(false);
      expect(record.error?.kind).toBe(url === garbage.url ? 'tls' : 'timeout');
    }
  });

  it('lets others alone', async () => {
    await using bad = await tlsServer('wrong-host');
    await using good = await tlsServer('good');
    const urls = [...paths(bad.url, 5), ...paths(good.url, 20)];
    const records = await fetchAll(urls, { ...trusting, concurrency: 3 });
    expect(records.map(({ ok }) => ok)).toEqual(urls.map((url) => url.startsWith(good.url)));
  });
});
