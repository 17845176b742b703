import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { openSources } from '../../src/sources/index.ts';
import { readBatches, settings, temporaryFiles } from './settings.ts';

const write = temporaryFiles();

it('gives the first tasks while input is still to come', async () => {
  const stdin = new PassThrough();
  const batches = (await openSources(['-'], settings({ stdin })))[Symbol.asyncIterator]();
  stdin.write('http://a/1\nhttp://a/2\nhttp://a/');
  expect((await batches.next()).value).toMatchObject([{ url: 'http://a/1' }, { url: 'http://a/2' }]);
  stdin.end('3');
  expect((await batches.next()).value).toMatchObject([{ index: 2, url: 'http://a/3' }]);
  expect((await batches.next()).done).toBe(true);
});

it('is named in complaints', async () => {
  const stdin = new PassThrough();
  const told = settings({ stdin });
  stdin.end('\nnonsense');
  await readBatches(await openSources(['-'], told));
  expect(told.complaints).toEqual(['standard input:2: not a URL: "nonsense"']);
});

it('is let go when the reader breaks out', async () => {
  const stdin = new PassThrough();
  stdin.write('http://a/1\n');
  for await (const _ of await openSources(['-'], settings({ stdin }))) {
    break;
  }
  expect(stdin.destroyed).toBe(true);
});

it('is let go while it waits for input that never comes, and no torn line becomes a task', async () => {
  const [reading, writing] = await socketPair();
  const told = settings({ stdin: reading });
  const batches = (await openSources(['-', 'http://next/'], told))[Symbol.asyncIterator]();
  writing.write('http://a/1\nhttp://a/torn');
  expect((await batches.next()).value).toMatchObject([{ url: 'http://a/1' }]);
  const waiting = batches.next();
  expect(await batches.return?.()).toMatchObject({ done: true });
  expect(await waiting).toMatchObject({ done: true });
  expect(reading.destroyed).toBe(true);
  expect(told.complaints).toEqual([]);
  writing.destroy();
});

it('is not waited for when the reader returned before its turn', async () => {
  const path = await write('comment.txt', '# nothing');
  const stdin = new PassThrough();
  const batches = (await openSources([path, '-'], settings({ stdin })))[Symbol.asyncIterator]();
  const waiting = batches.next();
  await batches.return?.();
  expect(await waiting).toMatchObject({ done: true });
});

it('that cannot be read ends the run', async () => {
  const directory = await open('/tmp');
  const stdin = directory.createReadStream();
  const source = await openSources(['-'], settings({ stdin }));
  await expect(readBatches(source)).rejects.toThrow(new UsageError('standard input: is a directory'));
});

it('is read once', async () => {
  await expect(openSources(['-', '-'], settings())).rejects.toThrow(
    new UsageError('- (standard input) can be read only once'),
  );
});

/** Both ends of a loopback connection. */
async function socketPair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const writing = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const [reading]: Socket[] = await once(server, 'connection');
  server.close();
  return [reading!, writing];
}
