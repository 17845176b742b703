import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import type { InputFormat } from '../../src/model/options/run-options.ts';
import { openSources } from '../../src/sources/index.ts';
import { bytes, openCount, readAll, settings, temporaryFiles } from './settings.ts';

const write = temporaryFiles();
const task = '{"url":"http://a/1","id":"one"}\n';

describe('the format of a file', () => {
  it.each<{ name: string; text: string; inputFormat?: InputFormat; id: string | undefined; code?: string }>([
    { name: 'a.jsonl', text: task, id: 'one' },
    { name: 'A.NDJSON', text: task, id: 'one' },
    { name: 'b.jsonl', text: 'http://a/1', id: undefined, code: 'INVALID_TASK' },
    { name: 'a.txt', text: task, id: undefined, code: 'INVALID_URL' },
    { name: 'a.list', text: task, id: 'one' },
    { name: 'a.json', text: `\uFEFF \n# comment {\n\t${task}`, id: 'one' },
    { name: 'none', text: 'http://a/1 {', id: undefined },
    { name: 'b.txt', text: task, inputFormat: 'jsonl', id: 'one' },
    { name: 'c.jsonl', text: 'http://a/1', inputFormat: 'lines', id: undefined },
  ])('$name, $inputFormat: $text', async ({ name, text, inputFormat, id, code }) => {
    const path = await write(name, text);
    const source = await openSources([path], settings({ inputFormat }));
    const [one, ...others] = await readAll(source);
    expect({ id: one?.id, code: one?.invalid?.code, others }).toEqual({ id, code, others: [] });
    expect(await source.count?.()).toBe(1);
    expect(await openCount(path)).toBe(0);
  });

  it('is told of standard input by its first byte', async () => {
    const chunks = bytes('\n', ' # {\n', '  ', task, task);
    const tasks = await readAll(await openSources(['-'], settings({ stdin: chunks })));
    expect(tasks.map(({ id }) => id)).toEqual(['one', 'one']);
  });

  it('does not change the numbers of lines', async () => {
    const told = settings({ stdin: bytes('\n\n', '\n{"url":1}\n') });
    await readAll(await openSources(['-'], told));
    expect(told.complaints).toEqual(['standard input:4: url: must be text']);
  });

  it('is nothing when there is nothing', async () => {
    expect(await readAll(await openSources(['-'], settings({ stdin: bytes('\n') })))).toEqual([]);
  });
});

const lines = Array.from({ length: 50_000 }, (_, index) => `http://a/${index}\n`);
const list = lines.join('');
const halves = [list.slice(0, list.length / 2), list.slice(list.length / 2)];
const skippable = Buffer.from('502a4d1803000000616263', 'hex');

/** With a checksum, as the command `zstd` has it. */
const zstdSync = (text: string) => zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

const compressions = {
  gzip: {
    ending: '.gz',
    whole: gzipSync(list),
    joined: Buffer.concat(halves.map((half) => gzipSync(half))),
    others: [], // what follows is ignored, as gzip itself does
  },
  zstd: {
    ending: '.zst',
    whole: zstdSync(list),
    joined: Buffer.concat([skippable, ...halves.map((half) => zstdSync(half)), skippable]),
    others: [
      ['followed by something else', Buffer.concat([zstdSync(list), Buffer.from('http://a/last\n')])],
      ['cut off in a frame without content', Buffer.concat([zstdSync(list), skippable.subarray(0, 9)])],
    ] as const,
  },
};

describe.each(Object.entries(compressions))(
  'a file compressed with %s',
  (name, { ending, whole, joined, others }) => {
    it.each([
      ['in one', whole],
      ['in parts', joined],
    ])('%s is read as it is', async (_, data) => {
      const path = await write(`urls.txt${ending}`, data);
      const source = await openSources([path], settings());
      const tasks = await readAll(source);
      expect(tasks.map(({ url }) => `${url}\n`)).toEqual(lines);
      expect(await source.count?.()).toBe(lines.length);
      expect(await openCount(path)).toBe(0);
    });

    it('has the format that its name says without that', async () => {
      const compress = name === 'gzip' ? gzipSync : zstdSync;
      const path = await write(`x.jsonl${ending.toUpperCase()}`, compress(task));
      expect(await readAll(await openSources([path], settings()))).toMatchObject([{ id: 'one' }]);
    });

    it('is closed when the reader breaks out', async () => {
      const path = await write(`long.txt${ending}`, whole);
      for await (const _ of await openSources([path], settings())) {
        break;
      }
      expect(await openCount(path)).toBe(0);
    });

    it.each<readonly [string, Uint8Array]>([
      ['cut off', whole.subarray(0, whole.length - 5)],
      ['cut off at the start', whole.subarray(0, 3)],
      ['changed', whole.with(whole.length >> 1, whole[whole.length >> 1]! ^ 0xff)],
      ['something else', Buffer.from(list)],
      ...others,
    ])('that is %s ends the run after what was read', async (state, data) => {
      const path = await write(`bad.txt${ending}`, data);
      const source = await openSources([path], settings());
      let read = 0;
      const reading = (async () => {
        for await (const batch of source) {
          read += batch.length;
        }
      })();
      await expect(reading).rejects.toThrow(UsageError);
      await expect(reading).rejects.toThrow(`${path}: not whole ${name} data: `);
      expect(read > 1000).toBe(data.length > 1000 && state !== 'something else');
      expect(await openCount(path)).toBe(0);
    });
  },
);

describe('a pattern of files', () => {
  it('is all that match, in order of their names', async () => {
    const urls = async (pattern: string) =>
      (await readAll(await openSources([pattern], settings()))).map(({ url }) => url);
    const first = await write('glob/b.txt', 'http://b/');
    await write('glob/a.txt', 'http://a/');
    await write('glob/deep.txt/c.txt', 'http://c/');
    const directory = first.slice(0, -'/b.txt'.length);
    expect(await urls(`${directory}/*.txt`)).toEqual(['http://a/', 'http://b/']);
    expect(await urls(`${directory}/**/*.txt`)).toEqual(['http://a/', 'http://b/', 'http://c/']);
    expect(await urls(`${directory}/{b,x}.txt`)).toEqual(['http://b/']);
    await expect(urls(`${directory}/*.csv`)).rejects.toThrow(
      new UsageError(`${directory}/*.csv: no such file, and none that matches it as a pattern`),
    );
  });

  it('is a name when there is a file of that name', async () => {
    const path = await write('literal/[ab].txt', 'http://literal/');
    await write('literal/a.txt', 'http://a/');
    expect(await readAll(await openSources([path], settings()))).toMatchObject([{ url: 'http://literal/' }]);
  });
});
