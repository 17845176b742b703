import { describe, expect, it } from 'vitest';
import { fetchAll, fetchOne } from '../fetch/behaviour/fetching.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { openSources } from '../../src/sources/index.ts';
import { bytes, readAll, settings } from '../sources/settings.ts';

const others = [
  'file:///etc/passwd',
  'FILE:/etc/passwd',
  'file://127.0.0.1/etc/passwd',
  'ftp://127.0.0.1/x',
  'gopher://127.0.0.1:70/_x',
  'data:text/plain,x',
  'javascript:1',
  'blob:http://127.0.0.1/x',
  'ws://127.0.0.1/',
  'unix:/var/run/docker.sock:/x',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/x',
  'view-source:http://127.0.0.1/',
];

describe('only http and https', () => {
  it.each(others)('in a list: %s', async (url) => {
    expect(await fetchOne(url)).toMatchObject({
      ok: false,
      attempts: 0,
      error: { kind: 'input', code: 'UNSUPPORTED_SCHEME' },
    });
  });

  it('in a task, a row and a template', async () => {
    const texts = (url: string) => ({ url, header: [], json: undefined, data: undefined });
    const tasks = async (text: string, overrides = {}) =>
      readAll(await openSources(['-'], settings({ stdin: bytes(text), inputFormat: 'jsonl', ...overrides })));
    const all = await Promise.all([
      tasks('{"url":"file:///etc/passwd"}\n'),
      tasks('{"u":"file:///etc/passwd"}\n', { templates: texts('{+u}') }),
      tasks('{"u":"/etc/passwd"}\n', { templates: texts('file://{+u}') }),
    ]);
    expect(all.flat().map(({ invalid }) => invalid?.code)).toEqual(Array(3).fill('UNSUPPORTED_SCHEME'));
  });

  it.each(others)('after a redirect: %s', async (location) => {
    await using server = await scriptedServer({ '*': { status: 302, headers: { location } } });
    const record = await fetchOne(server.url);
    expect(record).toMatchObject({ ok: false, error: { kind: 'redirect', code: 'BAD_LOCATION' } });
    expect(record.content).toBeUndefined();
  });

  it.each(others)('as the next page: %s', async (next) => {
    await using server = await scriptedServer({
      '*': { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ next }) },
    });
    const records = await fetchAll([server.url], { next: '$.next' });
    expect(records.map(({ ok, error }) => error?.code ?? ok)).toEqual([true, 'BAD_NEXT']);
    expect(server.received).toHaveLength(1);
  });
});
