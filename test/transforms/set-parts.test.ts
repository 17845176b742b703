import { afterAll, describe, expect, it } from 'vitest';
import { bulkFetch } from '../../src/bulk-fetch.ts';
import { recordLine } from '../../src/model/line.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { moduleOf } from './modules.ts';

const json = { 'content-type': 'application/json' };
const server = await scriptedServer({
  '/pages/1': { headers: json, body: '{"target":"/1","next":"/pages/2"}' },
  '/pages/2': { headers: json, body: '{"target":"/2"}' },
  '/bytes': { headers: { 'content-type': 'image/png' }, body: '\u0000\u0001' },
  '*': { headers: json, body: '{"n":1}' },
});
afterAll(() => server.close());

/** The line of a record that goes through a function of this text. */
async function lineOf(path: string, text: string): Promise<unknown> {
  const transform = moduleOf(`export default (record) => { ${text} };`);
  for await (const record of bulkFetch([server.url + path], { transform, transformWorkers: 1 })) {
    return JSON.parse(recordLine(record));
  }
  return undefined;
}

describe('a body that a transform sets', () => {
  const set = "record.body = '//4='; record.bodyEncoding = 'base64'; return record;";
  const copy = "return { ...record, body: '//4=', bodyEncoding: 'base64' };";
  const base64 = { body: '//4=', bodyEncoding: 'base64' };

  it.each([
    ['base64, where it is said to be', '/json', set, base64],
    ['base64 in a copy', '/json', copy, base64],
    ['base64 in the place of bytes', '/bytes', set, base64],
    ['a text in a copy, in the place of bytes', '/bytes', "return { ...record, body: 'x' };", { body: 'x' }],
    ['a copy of bytes', '/bytes', 'return { ...record };', { body: 'AAE=', bodyEncoding: 'base64' }],
  ])('is %s', async (_, path, text, { body, ...encoding }: { body: string; bodyEncoding?: string }) => {
    const line = await lineOf(path, text);
    expect(line).toMatchObject({ ok: true, body, ...encoding });
    expect('bodyEncoding' in (line as object)).toBe('bodyEncoding' in encoding);
  });
});

it('header fields that a transform sets are all for the line, others as without', async () => {
  const set = await lineOf('/json', "return { ...record, headers: { a: 'b' } };");
  expect(set).toMatchObject({ headers: { a: 'b' } });
  expect(await lineOf('/json', 'return { ...record, result: 1 };')).toMatchObject({ headers: json });
});

it('what is in them is not done, whatever pages a task has', async () => {
  const stop = new AbortController();
  const file = moduleOf(
    'export default (record) => (record.body.target === "/2" ? new Promise(() => {}) : record);',
  );
  const settings = { transformTimeout: 0, transformWorkers: 1, signal: stop.signal };
  const next = '$.next';
  const fetching = bulkFetch([`${server.url}/pages/1`], { transform: file, next, ...settings });
  const sink = { name: 'nowhere', write: () => Promise.resolve(), close: () => Promise.resolve() };
  const ended = fetching.into(sink).catch(() => undefined);
  await until(() => fetching.stats().transforming === 1);
  expect(fetching.state()).toMatchObject({ read: 1, finished: 0, transforming: 1, waiting: 0 });
  stop.abort();
  await ended;
});
