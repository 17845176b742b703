import { describe, expect, it } from 'vitest';
import { linesReader, maxUrlBytes } from '../../../src/sources/lines/lines.ts';
import { batchSize } from '../../../src/sources/source.ts';
import { bytes, readAll, readBatches, request } from '../settings.ts';
import { pathOf } from '../../../src/model/url.ts';

function read(chunks: AsyncIterable<Uint8Array>, complaints: string[] = []) {
  const onInvalid = (message: string) => complaints.push(message);
  return linesReader.read({ name: 'urls.txt', chunks }, { firstIndex: 7, request, onInvalid });
}

describe('a list of URLs', () => {
  it('makes a task of each line', async () => {
    const tasks = await readAll(read(bytes('http://a/1\n# no\nhttp://b/2?c')));
    expect(tasks).toEqual([
      { index: 7, url: 'http://a/1', origin: 'http://a', request },
      { index: 8, url: 'http://b/2?c', origin: 'http://b', request },
    ]);
  });

  it('does not glob', async () => {
    const [task] = await readAll(read(bytes('http://a/[1-3]{b,c}')));
    expect(task).toMatchObject({ url: 'http://a/[1-3]%7Bb,c%7D' });
  });

  it('hands on what each chunk completes, without waiting for the next', async () => {
    const chunks = bytes('http://a/1\nhttp://a/2\nhttp', '://a/3\n', '#', '\n', 'http://a/4');
    const batches = await readBatches(read(chunks));
    expect(batches.map((batch) => batch.map((task) => pathOf(task)))).toEqual([['/1', '/2'], ['/3'], ['/4']]);
  });

  it('divides what a large chunk holds', async () => {
    const chunks = bytes('http://a/\n'.repeat(batchSize * 2 + 1));
    const batches = await readBatches(read(chunks));
    expect(batches.map((batch) => batch.length)).toEqual([batchSize, batchSize, 1]);
  });

  it('goes on after bad lines, with a task and a complaint for each', async () => {
    const complaints: string[] = [];
    const text = Buffer.concat([
      Buffer.from('nonsense\n\nftp://a/\n'),
      Buffer.from('http://a/\xff\n', 'latin1'),
      Buffer.from(`${'é'.repeat(maxUrlBytes)}\nhttp://a/ok`),
    ]);
    async function* once() {
      yield text;
    }
    const tasks = await readAll(read(once(), complaints));
    expect(tasks.map((task) => task.invalid?.code)).toEqual([
      'INVALID_URL',
      'UNSUPPORTED_SCHEME',
      'INVALID_URL',
      'INVALID_URL',
      undefined,
    ]);
    expect(tasks.map((task) => task.index)).toEqual([7, 8, 9, 10, 11]);
    expect(tasks[3]?.url).toBe(`${'é'.repeat(100)}…`);
    expect(complaints).toEqual([
      'urls.txt:1: not a URL: "nonsense"',
      'urls.txt:3: neither http nor https: "ftp://a/"',
      'urls.txt:4: the line is not UTF-8 text',
      'urls.txt:5: the line is longer than 64 KiB',
    ]);
  });
});

describe('the count of a list', () => {
  it('counts exactly the tasks that would be read', async () => {
    const chunks = ['\uFEFF# x\nhttp://a/\r\n', '  \nbad', 'x\n', 'y'.repeat(maxUrlBytes + 9), '\nhttp://b/'];
    const tasks = await readAll(read(bytes(...chunks)));
    expect(await linesReader.count({ name: 'x', chunks: bytes(...chunks) })).toBe(tasks.length);
    expect(tasks).toHaveLength(4);
  });
});
