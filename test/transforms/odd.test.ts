import { afterAll, describe, expect, it } from 'vitest';
import { bulkFetch } from '../../src/bulk-fetch.ts';
import type { FetchRecord } from '../../src/model/record.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { moduleOf } from './modules.ts';

const server = await scriptedServer({ '*': { headers: { 'content-type': 'text/plain' }, body: 'hello' } });
afterAll(() => server.close());

/** What comes of records of which that with index 1 goes through the text, and what was told. */
async function run(
  text: string,
  { count = 4, transformTimeout = 5000 } = {},
): Promise<{ records: FetchRecord[]; told: string[]; replaced: number }> {
  const transform = moduleOf(`import { parentPort } from 'node:worker_threads';
    import fs from 'node:fs';
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    export default async (r, context) => {
      if (r.index === 1) { ${text} }
      return { ...r, result: context.bytes.length };
    };`);
  const records: FetchRecord[] = [];
  const told: string[] = [];
  const urls = Array.from({ length: count }, (_, at) => `${server.url}/${at}`);
  const options = { transform, transformTimeout, transformWorkers: 1, ordered: true };
  const fetching = bulkFetch(urls, { ...options, onWarning: (message) => told.push(message) });
  for await (const record of fetching) {
    records.push(record);
  }
  return { records, told, replaced: fetching.summary().transforms!.replaced };
}

describe('whatever a transform does with a record costs that record alone', () => {
  const unread = 'the record that came back cannot be read: ';
  it.each<[string, string, code: string, said: RegExp]>([
    [
      'a text for a body',
      `context.replaceBody('text', 'text/plain')`,
      'TRANSFORM_FAILED',
      /transform\.mjs:\d+:\d+: replaceBody takes bytes, as in Buffer\.from\(text\), not a text$/,
    ],
    [
      'a Content-Type that is none',
      'context.replaceBody(context.bytes, { type: 1 })',
      'TRANSFORM_FAILED',
      /transform\.mjs:\d+:\d+: replaceBody takes a Content-Type that is text, not an object$/,
    ],
    [
      'a getter that throws',
      `return { ...r, get x() { throw new Error('g'); } }`,
      'TRANSFORM_RESULT',
      new RegExp(`^${unread}g$`),
    ],
    [
      'an error whose message throws',
      `return { ...r, error: { get message() { throw new Error('m'); } } }`,
      'TRANSFORM_RESULT',
      new RegExp(`^${unread}m$`),
    ],
    [
      'a proxy',
      `return new Proxy({}, { ownKeys() { throw Object.create(null); } })`,
      'TRANSFORM_RESULT',
      new RegExp(`^${unread}`),
    ],
    [
      'a proxy that is none any more',
      `const p = Proxy.revocable(r, {}); setImmediate(p.revoke); await sleep(1); throw p.proxy`,
      'TRANSFORM_FAILED',
      /something was thrown that cannot be read$/,
    ],
    ['an object without a text', 'throw Object.create(null)', 'TRANSFORM_FAILED', /: \[Object: null proto/],
    [
      'an error with getters that throw',
      `throw Object.defineProperties(new Error('x'), { message: { get() { throw 1; } }, stack: { get() { throw 1; } } })`,
      'TRANSFORM_FAILED',
      /something was thrown that cannot be read$/,
    ],
    [
      'the bodies of all, given away',
      'structuredClone(context.bytes, { transfer: [context.bytes.buffer] })',
      'TRANSFORM_FAILED',
      /transform\.mjs:\d+:\d+: Cannot transfer/,
    ],
  ])('%s', async (_, text, code, said) => {
    const { records } = await run(text);
    expect(records[1]?.error).toEqual({ kind: 'transform', code, message: expect.stringMatching(said) });
    expect(records.map(({ result }) => result)).toEqual([5, undefined, 5, 5]);
  });

  it.each([
    'context.body = undefined',
    'context.record = undefined',
    'parentPort.postMessage(null)',
    'parentPort.postMessage({ odd: 1 })',
  ])('%s means nothing', async (text) => {
    const { records, told } = await run(text);
    expect(records.map(({ result }) => result)).toEqual([5, 5, 5, 5]);
    expect(told).toEqual([]);
  });
});

it('what Node itself throws has no place in a file of ours, or of what calls the transform', async () => {
  const transform = moduleOf('export default JSON.parse;');
  for await (const { error } of bulkFetch([`${server.url}/1`], { transform })) {
    expect(error?.message).toBe(`${transform}: "[object Object]" is not valid JSON`);
  }
});

describe('what nothing catches is told, and no record has to pay that did not leave it', () => {
  const rejection = (said: string) => [
    expect.stringMatching(new RegExp(`^--transform .*transform\\.mjs: nothing caught a rejection${said}`)),
  ];

  it('a rejection at once, also in the last batch', async () => {
    const { records, told, replaced } = await run(`Promise.reject(new Error('lost'))`, { count: 2 });
    expect(records.map(({ result }) => result)).toEqual([5, 5]);
    expect(told).toEqual(rejection(` at .*transform\\.mjs:\\d+:\\d+: lost; is an \`await\` missing\\?$`));
    expect(replaced).toBe(0);
  });

  it('a rejection without a place, while other records are worked at', async () => {
    const later = `fs.promises.readFile('/nonexistent'); fs.promises.readFile('/nonexistent'); await sleep(50)`;
    const { records, told, replaced } = await run(later);
    expect(records.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(told).toEqual(rejection(": ENOENT: no such file or directory, open '/nonexistent'"));
    expect(replaced).toBe(0);
  });

  it('a rejection in a record that does not get on', async () => {
    const never = `Promise.reject(new Error('lost')); await new Promise(() => {})`;
    const { records, told } = await run(never, { transformTimeout: 300 });
    expect(records.map(({ error }) => error?.code)).toEqual([
      undefined,
      'TRANSFORM_TIMEOUT',
      undefined,
      undefined,
    ]);
    expect(told).toEqual(rejection(' at .*: lost'));
  });

  it('an error of a timer, when the record that set it is done', async () => {
    const late = `setTimeout(() => { throw new Error('late'); }, 20)`;
    const { records, told, replaced } = await run(
      `${late}; return r; } if (r.index === 2) { await sleep(100)`,
    );
    expect(records.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(told).toEqual([
      expect.stringMatching(
        /^--transform .*transform\.mjs: nothing caught at .*transform\.mjs:\d+:\d+: late$/,
      ),
    ]);
    expect(replaced).toBeGreaterThan(0);
  });
});
