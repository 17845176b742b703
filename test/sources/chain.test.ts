import { expect, it } from 'vitest';
import { openSources } from '../../src/sources/index.ts';
import { bytes, readAll, settings, temporaryFiles } from './settings.ts';

const write = temporaryFiles();

it('numbers tasks through all sources, in the order of the arguments', async () => {
  const path = await write('urls.txt', 'http://f/1\nnonsense\nhttp://f/2\n');
  const stdin = bytes('http://s/1\n', 'http://s/2');
  const source = await openSources(['http://a/[1-2]', path, '-', 'http://z/'], settings({ stdin }));
  const tasks = await readAll(source);
  expect(tasks.map((task) => task.url)).toEqual([
    'http://a/1',
    'http://a/2',
    'http://f/1',
    'nonsense',
    'http://f/2',
    'http://s/1',
    'http://s/2',
    'http://z/',
  ]);
  expect(tasks.map((task) => task.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('names its parts', async () => {
  expect((await openSources(['http://a/[1-2]', '-'], settings())).name).toBe(
    'http://a/[1-2], standard input',
  );
});

it('knows its size when all parts know theirs', async () => {
  const source = await openSources(['http://a/[1-1000000]', 'http://b/{x,y}'], settings());
  expect(source.size).toBe(1_000_002);
  expect(await source.count?.()).toBe(1_000_002);
});

it('has no size but a count with a file in it', async () => {
  const path = await write('three.txt', 'http://f/1\n\n# no\nhttp://f/2\nhttp://f/3');
  const source = await openSources(['http://a/[1-10]', path], settings());
  expect(source).not.toHaveProperty('size');
  expect(await source.count?.()).toBe(13);
});

it('has neither with standard input in it', async () => {
  const source = await openSources(['http://a/', '-'], settings());
  expect(source).not.toHaveProperty('size');
  expect(source).not.toHaveProperty('count');
});
