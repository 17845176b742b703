import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RequestSpec, Task } from '../../../src/model/task.ts';
import { FingerprintSet } from '../../../src/sources/select/fingerprint-set.ts';
import { identityOf, requestFingerprint } from '../../../src/sources/select/fingerprint.ts';
import { openSources } from '../../../src/sources/index.ts';
import type { Selection } from '../../../src/sources/select/select.ts';
import { batchSize } from '../../../src/sources/source.ts';
import { bytes, openCount, readAll, request, settings, temporaryFiles } from '../settings.ts';

const write = temporaryFiles();
const all: Selection = { skip: 0, shard: undefined, dedupe: false, limit: undefined };

async function open(args: readonly string[], selection: Partial<Selection>, overrides = {}) {
  const given = settings({ selection: { ...all, ...selection }, ...overrides });
  return { source: await openSources(args, given), complaints: given.complaints };
}

async function selected(args: readonly string[], selection: Partial<Selection>): Promise<Task[]> {
  return readAll((await open(args, selection)).source);
}

const indexes = (tasks: readonly Task[]) => tasks.map(({ index }) => index);

describe('skip and limit', () => {
  it.each<[Partial<Selection>, number[]]>([
    [{ skip: 0, limit: 2 }, [0, 1]],
    [{ skip: 3 }, [3, 4]],
    [{ skip: 1, limit: 3 }, [1, 2, 3]],
    [{ skip: 5 }, []],
    [{ skip: 9, limit: 9 }, []],
    [{ limit: 9 }, [0, 1, 2, 3, 4]],
  ])('%j', async (selection, expected) => {
    const { source } = await open(['http://a/[1-5]'], selection);
    expect(source.size).toBe(expected.length);
    expect(await source.count?.()).toBe(expected.length);
    expect(indexes(await readAll(source))).toEqual(expected);
    expect(source.leftOut?.().tasks).toBeLessThanOrEqual(5 - expected.length);
  });

  it('go over batches and sources', async () => {
    const tasks = await selected(['http://a/[1-1000]', 'http://b/[1-1000]'], { skip: 900, limit: 600 });
    expect(indexes(tasks)).toEqual(Array.from({ length: 600 }, (_, at) => 900 + at));
  });

  it('count a file', async () => {
    const path = await write('five.txt', 'http://a/1\nhttp://a/2\n\nhttp://a/3\nhttp://a/4\nhttp://a/5');
    const { source } = await open([path], { skip: 1, limit: 3 });
    expect(source).not.toHaveProperty('size');
    expect(await source.count?.()).toBe(3);
  });

  it('tell only of the invalid input that is selected', async () => {
    const path = await write('bad.txt', 'bad 1\nhttp://a/\nbad 3\nbad 4');
    const { source, complaints } = await open([path], { skip: 1, limit: 2 });
    expect((await readAll(source)).map(({ url }) => url)).toEqual(['http://a/', 'bad 3']);
    expect(complaints).toEqual([expect.stringContaining(`${path}:3: `)]);
  });
});

describe('at the limit', () => {
  it('standard input is not read further, though it stays open', async () => {
    const asked: number[] = [];
    async function* stdin() {
      try {
        for (let at = 0; ; at++) {
          asked.push(at);
          yield Buffer.from(`http://a/${at}\n`);
        }
      } finally {
        asked.push(-1);
      }
    }
    const { source } = await open(['-'], { limit: 3 }, { stdin: stdin() });
    expect(await readAll(source)).toHaveLength(3);
    expect(asked).toEqual([0, 1, 2, -1]);
  });

  it('a file is closed before its last tasks are handed on', async () => {
    const path = await write('many.txt', 'http://a/\n'.repeat(100_000));
    const batches = (await open([path], { limit: batchSize + 1 })).source[Symbol.asyncIterator]();
    await batches.next();
    expect(await openCount(path)).toBe(1);
    expect((await batches.next()).value).toHaveLength(1);
    expect(await openCount(path)).toBe(0);
    expect(await batches.next()).toEqual({ done: true, value: undefined });
  });
});

it('a reader that returns while it waits for standard input is not kept', async () => {
  const waiting = new ReadableStream<Uint8Array>();
  const batches = (await open(['-'], { skip: 1 }, { stdin: waiting })).source[Symbol.asyncIterator]();
  const pending = batches.next();
  await batches.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });
});

describe('shards', () => {
  const total = 4_800;
  const of = 16;
  const url = `http://a/[1-${total}]`;

  it('are disjoint, complete and about equal', async () => {
    const parts = await Promise.all(
      Array.from({ length: of }, (_, at) => selected([url], { shard: { part: at + 1, of } })),
    );
    expect(indexes(parts.flat()).sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, at) => at));
    // Five standard deviations of a binomial distribution with p = 1/16: 5 x 16.8.
    for (const part of parts) {
      expect(Math.abs(part.length - total / of)).toBeLessThan(84);
    }
  });

  it('have the same tasks wherever those stand', async () => {
    const urls = Array.from({ length: 200 }, (_, at) => `http://a/${at}`);
    const one = await write('one.txt', urls.join('\n'));
    const other = await write('other.txt', urls.toReversed().join('\n'));
    const shard = { part: 2, of: 3 };
    const set = async (path: string) => new Set((await selected([path], { shard })).map((task) => task.url));
    expect(await set(other)).toEqual(await set(one));
  });

  it('are counted after what is skipped, and limited one by one', async () => {
    const shard = { part: 1, of: 2 };
    const whole = indexes(await selected(['http://a/[1-100]'], { shard }));
    expect(indexes(await selected(['http://a/[1-100]'], { shard, skip: 50, limit: 7 }))).toEqual(
      whole.filter((index) => index >= 50).slice(0, 7),
    );
  });

  it('have a size that is not known', async () => {
    const { source } = await open([url], { shard: { part: 1, of: 2 } });
    expect(source).not.toHaveProperty('size');
    expect(source).not.toHaveProperty('count');
  });
});

describe('the identity of a task', () => {
  const task = (parts: Partial<Task>, spec: Partial<RequestSpec> = {}): Task => ({
    index: 5,
    url: 'http://a/',
    origin: 'http://a',
    request: { ...request, ...spec },
    ...parts,
  });
  const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

  it.each<[string, Task]>([
    ['[null,"GET","http://a/"]', task({})],
    ['[null,"GET","http://a/"]', task({ index: 6, meta: 1 }, { headers: ['X', 'y'] })],
    ['["7","PUT","http://a/"]', task({ id: '7' }, { method: 'PUT' })],
    ['[null,"POST","http://a/"]\n{"b":1}', task({}, { method: 'POST', body: Buffer.from('{"b":1}') })],
    ['[null,"POST","http://a/"]\n', task({}, { method: 'POST', body: Buffer.alloc(0) })],
    ['[null,"POST","http://a/"]\nb.bin', task({}, { method: 'POST', bodyFile: 'b.bin' })],
  ])('is the SHA-256 of %j', (text, one) => {
    expect(identityOf(one).toString('hex')).toBe(sha(text));
  });

  // Computed once with sha256sum: shards of one run may be on machines with other versions.
  it.each([
    ['http://a/1', 13],
    ['http://a/2', 11],
    ['http://a/3', 1],
  ])('puts %s into the shard %i of 16 for all time', async (url, part) => {
    const parts = Array.from({ length: 16 }, (_, at) => at + 1);
    const found = await Promise.all(
      parts.map(async (one) => selected([url], { shard: { part: one, of: 16 } })),
    );
    expect(parts.filter((_, at) => found[at]!.length === 1)).toEqual([part]);
  });

  it('is not what makes requests equal', () => {
    const same = requestFingerprint(task({}));
    expect(requestFingerprint(task({ id: 'x' }))).toEqual(same);
    expect(requestFingerprint(task({}, { headers: ['X', 'y'] }))).not.toEqual(same);
    expect(requestFingerprint(task({}, { method: 'PUT' }))).not.toEqual(same);
    expect(requestFingerprint(task({}, { body: Buffer.from('b') }))).not.toEqual(same);
  });
});

describe('dedupe', () => {
  it('drops what an earlier task asks for, and counts it', async () => {
    const lines = ['http://a/1', 'http://a/2', 'http://A:80/1#x', 'bad', 'bad', 'http://a/1'];
    const { source, complaints } = await open([await write('twice.txt', lines.join('\n'))], { dedupe: true });
    expect(indexes(await readAll(source))).toEqual([0, 1, 3, 4]);
    expect(source.leftOut?.()).toEqual({ tasks: 2, duplicates: 2 });
    expect(complaints).toHaveLength(2);
  });

  it('comes before the limit', async () => {
    const stdin = bytes('http://a/1\nhttp://a/1\nhttp://a/2\nhttp://a/3\n');
    const { source } = await open(['-'], { dedupe: true, limit: 2 }, { stdin });
    expect(indexes(await readAll(source))).toEqual([0, 2]);
  });
});

describe('a set of fingerprints', () => {
  it('knows what is in it, however large it grows', () => {
    const set = new FingerprintSet();
    const fingerprints = Array.from({ length: 20_000 }, (_, at) => {
      const one = Buffer.alloc(8);
      one.writeUInt32BE((at * 2_654_435_761) % 2 ** 32, 0);
      one.writeUInt32BE(at % 3, 4);
      return one;
    });
    expect(fingerprints.filter((one) => set.add(one))).toHaveLength(20_000);
    expect(fingerprints.filter((one) => set.add(one))).toHaveLength(0);
  });

  it('tells those apart that fall on the same slot', () => {
    const set = new FingerprintSet();
    const pair = (high: number, low: number) => Buffer.from([0, 0, 0, high, 0, 0, 0, low]);
    expect([pair(0, 1), pair(0, 2), pair(1, 1), pair(0, 2), pair(0, 0)].map((one) => set.add(one))).toEqual([
      true,
      true,
      true,
      false,
      false, // so rare that 0 may stand for 1
    ]);
  });
});
