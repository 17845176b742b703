import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchOne } from '../fetch/behaviour/fetching.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer, type Canned } from '../servers/scripted.ts';

failOnLeaks();

const coders = {
  gzip: (bytes: Buffer) => zlib.gzipSync(bytes),
  deflate: (bytes: Buffer) => zlib.deflateSync(bytes),
  br: (bytes: Buffer) =>
    zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (bytes: Buffer) => zlib.zstdCompressSync(bytes),
} as const;
type Coding = keyof typeof coders;
const codings = Object.keys(coders) as Coding[];

const maxBody = 100_000;
const bomb = Buffer.alloc(20_000_000);

function encoded(list: readonly Coding[], body: Buffer, status = 200): Canned {
  const bytes = list.reduce((all, coding) => coders[coding](all), body);
  return {
    status,
    headers: { 'content-encoding': list.join(', '), 'content-type': 'text/plain' },
    body: bytes,
  };
}

describe('decoded bytes are capped', () => {
  it.each<[string, readonly Coding[]]>([
    ...codings.map((coding) => [coding, [coding]] as [string, Coding[]]),
    ...codings.map((coding) => [`${coding}, ${coding}`, [coding, coding]] as [string, Coding[]]),
    ['all five', ['gzip', 'br', 'zstd', 'deflate', 'gzip']],
  ])('of %s', async (_, list) => {
    await using server = await scriptedServer({ '*': encoded(list, bomb) });
    const record = await fetchOne(server.url, { maxBody });
    expect(record).toMatchObject({ ok: false, attempts: 1, error: { code: 'BODY_TOO_LARGE' } });
    expect(record.content).toBeUndefined();
  });

  it.each([
    ['a failure', 404],
    ['a redirect', 302],
  ])('of %s', async (_, status) => {
    const { headers, ...rest } = encoded(['gzip'], bomb, status);
    await using server = await scriptedServer({
      '/from': { ...rest, headers: { ...headers, location: '/to' } },
      '/to': { body: 'ok' },
    });
    const record = await fetchOne(`${server.url}/from`, { maxBody });
    expect(record).toMatchObject(
      status === 302 ? { ok: true, body: 'ok' } : { ok: false, error: { code: 'HTTP_STATUS' } },
    );
    expect(record.bytes ?? 0).toBeLessThan(maxBody);
  });
});

describe('at most five codings', () => {
  it.each([
    [5, true],
    [6, false],
    [100, false],
  ])('%i', async (count, isTaken) => {
    const list = Array<Coding>(count).fill('gzip');
    await using server = await scriptedServer({ '*': encoded(list, Buffer.from('ok')) });
    const record = await fetchOne(server.url);
    expect(record).toMatchObject(
      isTaken ? { ok: true, body: 'ok' } : { ok: false, error: { code: 'UNSUPPORTED_ENCODING' } },
    );
  });

  it('however many fields they stand in', async () => {
    const { body = '' } = encoded(Array<Coding>(6).fill('gzip'), Buffer.from('ok'));
    const fields = Array<string>(3).fill('gzip, gzip');
    await using server = await scriptedServer({ '*': { headers: { 'content-encoding': fields }, body } });
    expect(await fetchOne(server.url)).toMatchObject({ error: { code: 'UNSUPPORTED_ENCODING' } });
  });
});
