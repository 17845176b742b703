import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { openSources } from '../../src/sources/index.ts';
import { openCount, readAll, settings, temporaryFiles } from './settings.ts';
import { pathOf } from '../../src/model/url.ts';

const write = temporaryFiles();

it('reads a file of many chunks', async () => {
  const urls = Array.from({ length: 20_000 }, (_, index) => `http://a/${index}/${'é'.repeat(index % 7)}`);
  const path = await write('many.txt', urls.join('\r\n'));
  const source = await openSources([path], settings());
  const tasks = await readAll(source);
  expect(tasks.map((task) => decodeURI(task.url))).toEqual(urls);
  expect(await source.count?.()).toBe(urls.length);
});

it('complains with file and line', async () => {
  const path = await write('bad.txt', 'http://a/\n\nnonsense\n');
  const told = settings();
  await readAll(await openSources([path], told));
  expect(told.complaints).toEqual([`${path}:3: not a URL: "nonsense"`]);
});

it('is closed at its end', async () => {
  const path = await write('short.txt', 'http://a/');
  await readAll(await openSources([path], settings()));
  expect(await openCount(path)).toBe(0);
});

it('is closed when the reader breaks out', async () => {
  const path = await write('long.txt', 'http://a/\n'.repeat(100_000));
  for await (const _ of await openSources([path], settings())) {
    expect(await openCount(path)).toBe(1);
    break;
  }
  expect(await openCount(path)).toBe(0);
});

it('is closed when the reader returns while it waits for a batch', async () => {
  const path = await write('long.txt', 'http://a/\n'.repeat(100_000));
  const batches = (await openSources([path], settings()))[Symbol.asyncIterator]();
  const waiting = batches.next();
  await batches.return?.();
  await waiting;
  expect(await openCount(path)).toBe(0);
});

it('is closed when it has been counted', async () => {
  const path = await write('counted.txt', 'http://a/\n');
  const source = await openSources([path], settings());
  expect(await source.count?.()).toBe(1);
  expect(await openCount(path)).toBe(0);
});

it('is opened only when its turn comes', async () => {
  const first = await write('first.txt', 'http://a/1');
  const second = await write('second.txt', 'http://b/1');
  const source = await openSources([first, second], settings());
  await writeFile(second, 'http://b/changed');
  const [, task] = await readAll(source);
  expect(pathOf(task!)).toBe('/changed');
});

it('cannot be counted when it is a pipe', async () => {
  const path = join(dirname(await write('beside.txt', '')), 'pipe');
  execFileSync('mkfifo', [path]);
  const source = await openSources([path], settings());
  expect(source).not.toHaveProperty('count');
  const written = writeFile(path, 'http://a/piped\n');
  const [task] = await readAll(source);
  await written;
  expect(pathOf(task!)).toBe('/piped');
});

it.each([
  ['missing.txt', 'no such file'],
  ['directory', 'is a directory'],
  ['plain.txt/below.txt', 'no such file'],
  ['circle.txt', 'too many symbolic links'],
])('refuses %s before anything is read', async (name, reason) => {
  const good = await write('plain.txt', 'http://a/');
  await write('directory/inside.txt', '');
  const path = join(dirname(good), name);
  if (name === 'circle.txt') {
    await symlink(path, path);
  }
  await expect(openSources([good, path], settings())).rejects.toThrow(new UsageError(`${path}: ${reason}`));
});

it('that vanishes before its turn ends the run with the same message', async () => {
  const path = await write('turned.txt', 'http://a/');
  const source = await openSources([path], settings());
  execFileSync('rm', [path]);
  await expect(readAll(source)).rejects.toThrow(new UsageError(`${path}: no such file`));
});
