import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { fromIterable, type TaskInput } from '../../src/sources/index.ts';
import { batchSize } from '../../src/sources/source.ts';
import { readAll, readBatches, request } from './settings.ts';
import { pathOf } from '../../src/model/url.ts';

function from(inputs: Iterable<TaskInput> | AsyncIterable<TaskInput>, complaints: string[] = []) {
  return fromIterable(inputs, { firstIndex: 3, request, onInvalid: (message) => complaints.push(message) });
}

const urls = (count: number) => Array.from({ length: count }, (_, index) => `http://a/${index}`);

async function* asyncUrls(count: number) {
  yield* urls(count);
}

describe('fromIterable', () => {
  it('takes URLs, alone or with id and meta', async () => {
    const tasks = await readAll(from(['http://a/', { url: 'http://b/', id: 'bee', meta: { row: 9 } }]));
    expect(tasks).toEqual([
      { index: 3, url: 'http://a/', origin: 'http://a', request },
      { index: 4, id: 'bee', url: 'http://b/', origin: 'http://b', request, meta: { row: 9 } },
    ]);
  });

  it('tells of what is no URL, and goes on', async () => {
    const complaints: string[] = [];
    const tasks = await readAll(from(['http://a/', 'b', 'http://c/'], complaints));
    expect(tasks.map((task) => task.invalid?.code)).toEqual([undefined, 'INVALID_URL', undefined]);
    expect(complaints).toEqual(['item 1: not a URL: "b"']);
  });

  it('takes what else a task is, as a task file does', async () => {
    const bytes = new Uint8Array([1, 2]);
    const [one, two] = await readAll(
      from([
        { url: 'http://a/', id: 7, method: 'PUT', headers: { 'X-A': [1, 'b'] }, body: bytes, timeout: '2s' },
        { url: 'http://a/', json: { at: new Date(0) } },
      ]),
    );
    expect(one).toMatchObject({ id: '7', timeoutMs: 2000 });
    expect(one?.request).toMatchObject({ method: 'PUT', body: bytes });
    expect(one?.request.headers.slice(-4)).toEqual(['X-A', '1', 'X-A', 'b']);
    expect(String(two?.request.body)).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('tells of what is no task', async () => {
    const complaints: string[] = [];
    const loop: unknown[] = [];
    loop.push(loop);
    const inputs: TaskInput[] = [
      { url: 'http://a/', json: loop },
      { url: 'http://a/', json: () => 1 },
      { url: 'http://a/', json: 1n },
    ];
    const tasks = await readAll(from(inputs, complaints));
    expect(tasks.map(({ invalid }) => invalid?.code)).toEqual(inputs.map(() => 'INVALID_TASK'));
    expect(complaints).toEqual([
      expect.stringMatching(/^item 0: json: Converting circular/),
      'item 1: json: has no form in JSON',
      expect.stringMatching(/^item 2: json: .*BigInt/),
    ]);
  });

  it('knows the size of an array only', () => {
    expect(from(['http://a/']).size).toBe(1);
    expect(from(new Set(['http://a/']))).not.toHaveProperty('size');
  });

  it('divides a long list into batches', async () => {
    const batches = await readBatches(from(urls(batchSize + 2)));
    expect(batches.map((batch) => batch.length)).toEqual([batchSize, 2]);
  });

  it('takes no more of a generator than it is asked for, and ends it when the reader breaks out', async () => {
    let made = 0;
    let ended = false;
    function* endless() {
      try {
        for (;;) {
          yield `http://a/${made++}`;
        }
      } finally {
        ended = true;
      }
    }
    for await (const _ of from(endless())) {
      break;
    }
    expect(made).toBe(batchSize);
    expect(ended).toBe(true);
  });
});

describe('fromIterable of an async iterable', () => {
  it('batches what is there without waiting', async () => {
    const batches = await readBatches(from(asyncUrls(batchSize * 2 + 5)));
    expect(batches.map((batch) => batch.length)).toEqual([batchSize, batchSize, 5]);
    expect(batches.flat().map((task) => pathOf(task))).toEqual(
      urls(batchSize * 2 + 5).map((url) => url.slice(8)),
    );
  });

  it('does not keep an item back until the next one comes', async () => {
    const stream = new Readable({ objectMode: true, read() {} });
    const batches = from(stream)[Symbol.asyncIterator]();
    stream.push('http://a/1');
    expect((await batches.next()).value).toMatchObject([{ index: 3, url: 'http://a/1' }]);
    stream.push('http://a/2');
    expect((await batches.next()).value).toMatchObject([{ index: 4, url: 'http://a/2' }]);
    stream.push(null);
    expect((await batches.next()).done).toBe(true);
  });

  it('ends at once while an item is waited for that never comes', async () => {
    let released = false;
    const never: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        async return() {
          released = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const batches = from(never)[Symbol.asyncIterator]();
    const waiting = batches.next();
    expect(await batches.return?.()).toMatchObject({ done: true });
    expect(await waiting).toMatchObject({ done: true });
    expect(released).toBe(true);
  });

  it('ends a stream when the reader breaks out', async () => {
    const stream = new Readable({ objectMode: true, read() {} });
    stream.push('http://a/');
    for await (const _ of from(stream)) {
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  it('closes the iterator once, and before the loop that broke out goes on', async () => {
    let closed = 0;
    const endless: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 'http://a/' }),
        async return() {
          await new Promise(setImmediate);
          closed++;
          return { done: true, value: undefined };
        },
      }),
    };
    for await (const _ of from(endless)) {
      await new Promise(setImmediate); // the item asked for ahead is there by now
      break;
    }
    expect(closed).toBe(1);
  });

  it.each([1, batchSize])('hands on %d items that came before an error, then the error', async (count) => {
    async function* broken() {
      yield* urls(count);
      throw new RangeError('the program is wrong');
    }
    const batches = from(broken())[Symbol.asyncIterator]();
    expect((await batches.next()).value).toHaveLength(count);
    await new Promise(setImmediate); // it has failed by now: vitest would report a rejection nobody handles
    await expect(batches.next()).rejects.toThrow(new RangeError('the program is wrong'));
  });

  it('ends when a partial batch is the last', async () => {
    expect(await readAll(from(asyncUrls(0)))).toEqual([]);
    expect(await readAll(from(asyncUrls(1)))).toHaveLength(1);
  });
});
