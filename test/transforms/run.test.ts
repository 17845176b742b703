import { afterAll, describe, expect, it } from 'vitest';
import { bulkFetch } from '../../src/bulk-fetch.ts';
import type { LibraryOptions } from '../../src/model/options/transform-options.ts';
import type { FetchRecord } from '../../src/model/record.ts';
import type { RunSettings } from '../../src/run.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { moduleOf } from './modules.ts';

const server = await scriptedServer({
  '/gone': { status: 410, headers: { 'content-type': 'text/plain' }, body: 'gone' },
  '*': ({ target }) => ({
    headers: { 'content-type': 'application/json', 'x-target': target },
    body: `{"target":"${target}"}`,
  }),
});
afterAll(() => server.close());

const urls = (count: number) => Array.from({ length: count }, (_, at) => `${server.url}/${at}`);

async function run(
  input: readonly string[],
  transform: string,
  options: LibraryOptions & RunSettings = {},
): Promise<{ records: FetchRecord[]; summary: ReturnType<ReturnType<typeof bulkFetch>['summary']> }> {
  const fetching = bulkFetch(input, { transform, transformWorkers: 2, ordered: true, ...options });
  const records = await all(fetching);
  return { records, summary: fetching.summary() };
}

async function all(fetching: AsyncIterable<FetchRecord>): Promise<FetchRecord[]> {
  const records: FetchRecord[] = [];
  for await (const record of fetching) {
    records.push(record);
  }
  return records;
}

describe('records go through the transforms', () => {
  it('in their order, each with what it has become', async () => {
    const file = moduleOf(`export default (record, { bytes }) => ({
      ...record, result: record.body.target + ' ' + bytes.length, seen: record.headers['x-target'] });`);
    const { records, summary } = await run(urls(600), file);
    expect(records.map(({ result }) => result)).toEqual(
      Array.from({ length: 600 }, (_, at) => `/${at} ${13 + String(at).length + 1}`),
    );
    expect(records.map(({ extra }) => extra['seen'])).toEqual(records.map(({ index }) => `/${index}`));
    expect(records[0]?.body).toEqual({ target: '/0' });
    expect(JSON.parse(JSON.stringify(records[7]))).toMatchObject({ index: 7, result: '/7 15', seen: '/7' });
    expect(summary).toMatchObject({
      tasks: { total: 600, ok: 600 },
      transforms: { records: 600, dropped: 0, failed: 0, workers: 2, replaced: 0 },
    });
    expect(summary.transforms!.busyMs).toBeGreaterThan(0);
  });

  it('as they are done where order is free: a slow one holds up no other', async () => {
    // The first waits for five others, of which one at least has come back before the last of them begins.
    const file = moduleOf(`import fs from 'node:fs';
      const seen = import.meta.filename + '.seen';
      const count = () => (fs.existsSync(seen) ? fs.statSync(seen).size : 0);
      export default async (record) => {
        if (record.index !== 0) fs.appendFileSync(seen, '.');
        while (record.index === 0 && count() < 5) await new Promise((resolve) => setTimeout(resolve, 5));
        return record;
      };`);
    const { records } = await run(urls(50), file, { ordered: false });
    expect(records).toHaveLength(50);
    expect(records.findIndex(({ index }) => index === 0)).toBeGreaterThan(0);
  });

  it('and what has failed passes by', async () => {
    const file = moduleOf('export default (record) => ({ ...record, result: 1 });');
    const { records, summary } = await run([`${server.url}/gone`, `${server.url}/1`], file);
    expect(records.map(({ ok, result, body, error }) => ({ ok, result, body, code: error?.code }))).toEqual([
      { ok: false, result: undefined, body: 'gone', code: 'HTTP_STATUS' },
      { ok: true, result: 1, body: { target: '/1' }, code: undefined },
    ]);
    expect(summary.transforms).toMatchObject({ records: 1, failed: 0 });
  });

  it('several in a chain, TypeScript among them', async () => {
    const first = moduleOf('export default (record) => ({ ...record, result: [record.index] });');
    const second = moduleOf(
      `interface Has { result: number[] }
       export default async (record: Has): Promise<Has | undefined> =>
         record.result[0] === 1 ? undefined : { ...record, result: [...record.result, 2] };`,
      'second.ts',
    );
    const chain = { transform: [first, second], transformWorkers: 1, ordered: true };
    const results: unknown[] = [];
    for await (const { result, dropped, body } of bulkFetch(urls(3), chain)) {
      results.push(dropped === true ? { dropped, body } : result);
    }
    expect(results).toEqual([[0, 2], { dropped: true, body: undefined }, [2, 2]]);
  });

  it('without those that are dropped, if that is wished', async () => {
    const file = moduleOf('export default (record) => (record.index % 2 ? undefined : record);');
    const { records, summary } = await run(urls(10), file, { omitDropped: true });
    expect(records.map(({ index }) => index)).toEqual([0, 2, 4, 6, 8]);
    expect(summary).toMatchObject({ tasks: { total: 10, ok: 10 }, transforms: { records: 10, dropped: 5 } });
  });
});

describe('a transform that fails costs its record, which keeps what was fetched', () => {
  const guilty = 5;
  const failing: Record<string, [code: string, text: string, said: RegExp]> = {
    throws: ['TRANSFORM_FAILED', `throw new Error('no good')`, /transform\.mjs:\d+:\d+: no good$/],
    rejects: [
      'TRANSFORM_FAILED',
      `await 1; null.x`,
      /transform\.mjs:\d+:\d+: Cannot read properties of null/,
    ],
    hangs: [
      'TRANSFORM_TIMEOUT',
      'for (;;);',
      /transform\.mjs took longer than 300ms \(--transform-timeout\)$/,
    ],
    'never answers': ['TRANSFORM_TIMEOUT', 'await new Promise(() => {})', /took longer than 300ms/],
    exits: ['TRANSFORM_CRASHED', 'process.exit(7)', /transform\.mjs: its worker exited with status 7$/],
    'throws where nobody catches': [
      'TRANSFORM_CRASHED',
      `setTimeout(() => { throw new Error('astray'); }); await new Promise(() => {})`,
      /nothing caught at .*transform\.mjs:\d+:\d+: astray$/,
    ],
    'gives back a promise': [
      'TRANSFORM_RESULT',
      'return { ...record, deep: { x: Promise.resolve(1) } }',
      /^field `deep\.x` holds a promise: is an `await` missing\?$/,
    ],
  };

  it.each(Object.entries(failing))('%s', async (_, [code, text, said]) => {
    const file = moduleOf(`export default async (record) => {
      if (record.index === ${guilty}) { ${text} }
      return { ...record, result: 'done' }; };`);
    const { records, summary } = await run(urls(60), file, { transformTimeout: 300 });
    const { ok, status, body, headers, error, timing } = records[guilty]!;
    expect({ ok, status, body }).toEqual({ ok: false, status: 200, body: { target: '/5' } });
    expect(headers).toMatchObject({ 'x-target': '/5' });
    expect(timing.total).toBeGreaterThan(0);
    expect(error).toEqual({ kind: 'transform', code, message: expect.stringMatching(said) });
    const others = records.filter(({ index }) => index !== guilty);
    expect(others.map(({ result }) => result)).toEqual(Array.from({ length: 59 }, () => 'done'));
    expect(summary).toMatchObject({ failureKinds: { transform: 1 }, transforms: { records: 60, failed: 1 } });
  });

  it('exhausts its memory', async () => {
    const file = moduleOf(`export default (record) => {
      const all = [];
      while (record.index === 2) all.push(new Array(1e6).fill(all.length));
      return { ...record, result: 'done' }; };`);
    const { records } = await run(urls(4), file, { transformTimeout: 0 });
    expect(records.map(({ error, result }) => error?.message ?? result)).toEqual([
      'done',
      'done',
      expect.stringMatching(/transform\.mjs: its worker ran out of memory \(512 MiB\)$/),
      'done',
    ]);
    expect(records[2]?.error?.code).toBe('TRANSFORM_CRASHED');
  });

  it('every record of many, one after the other', async () => {
    const file = moduleOf('export default () => process.exit(1);');
    const { records, summary } = await run(urls(4), file);
    expect(records.map(({ error }) => error?.code)).toEqual(
      Array.from({ length: 4 }, () => 'TRANSFORM_CRASHED'),
    );
    expect(summary.transforms?.replaced).toBeGreaterThanOrEqual(4);
  });
});

describe('the ends of a run', () => {
  const never = () => moduleOf('export default () => new Promise(() => {});');

  it('a transform that does not get on stops the fetching', async () => {
    const stop = new AbortController();
    const options = { transformTimeout: 0, signal: stop.signal };
    const fetching = bulkFetch(urls(6000), { transform: never(), transformWorkers: 1, ...options });
    const ended = all(fetching).catch((error: unknown) => error);
    await until(() => fetching.stats().transforming! > 2000 && fetching.stats().inFlight === 0);
    expect(fetching.stats()).toMatchObject({ finished: 0 });
    expect(fetching.stats().transforming).toBeLessThan(3000);
    stop.abort(new Error('enough'));
    expect(await ended).toEqual(new Error('enough'));
  });

  it('whoever breaks out ends it', async () => {
    const file = moduleOf('export default (record) => ({ ...record, result: 1 });');
    const fetching = bulkFetch(urls(5000), { transform: file, transformWorkers: 2 });
    let seen = 0;
    for await (const { result } of fetching) {
      expect(result).toBe(1);
      seen++;
      if (seen === 3) {
        break;
      }
    }
    expect(seen).toBe(3);
    expect(fetching.stats().inFlight).toBe(0);
  });

  it('drained, it still transforms what was fetched', async () => {
    const file = moduleOf('export default (record) => ({ ...record, result: 1 });');
    const fetching = bulkFetch(urls(5000), { transform: file, transformWorkers: 1, concurrency: 5 });
    const records: FetchRecord[] = [];
    for await (const record of fetching) {
      records.push(record);
      fetching.drain();
    }
    expect(records.length).toBeLessThan(5000);
    expect(records.filter(({ ok, result }) => ok && result !== 1)).toEqual([]);
  });

  it('what the input throws is told after what was fetched', async () => {
    const file = moduleOf('export default (record) => ({ ...record, result: 1 });');
    async function* input() {
      yield* urls(3);
      throw new Error('no more');
    }
    const results: unknown[] = [];
    const reading = (async () => {
      for await (const { result } of bulkFetch(input(), { transform: file })) {
        results.push(result);
      }
    })();
    await expect(reading).rejects.toThrow('no more');
    expect(results).toEqual([1, 1, 1]);
  });
});

describe('what transforms say', () => {
  it('goes to whoever listens', async () => {
    const file = moduleOf(
      `export default (record, context) => { context.log('at ' + record.index); return record; };`,
    );
    const said: string[] = [];
    await run(urls(3), file, { onWarning: (message) => said.push(message) });
    expect(said.sort()).toEqual(['at 0', 'at 1', 'at 2']);
  });
});

it('a task whose meta holds a promise is told so', async () => {
  const records = await all(bulkFetch([{ url: `${server.url}/1`, meta: { user: Promise.resolve(1) } }]));
  expect(records[0]?.error).toEqual({
    kind: 'input',
    code: 'INVALID_TASK',
    message: 'field `meta.user` holds a promise: is an `await` missing?',
  });
});
