import { expect, it } from 'vitest';
import { openSources } from '../../src/sources/index.ts';
import { through, type Passage } from '../../src/sources/passage.ts';
import { bytes, readAll, settings } from './settings.ts';

async function passing(argument: string, passage: Partial<Passage>, stdin = bytes()) {
  const totals: number[] = [];
  const source = await openSources([argument], settings({ stdin }));
  return {
    totals,
    source: through(source, { leftOut: 0, onTotal: (total) => totals.push(total), ...passage }),
  };
}

it('leaves tasks out, and those that go on keep their indexes', async () => {
  const { source, totals } = await passing('http://a/[0-1999]', {
    leftOut: 1998,
    take: (task) => (task.index % 1000 === 999 ? task : undefined),
  });
  expect(source.size).toBe(2);
  expect((await readAll(source)).map(({ index }) => index)).toEqual([999, 1999]);
  expect(totals).toEqual([2000]);
});

it('is checked a batch at a time, before any task of it goes on', async () => {
  const fault = new Error('not this one');
  const taken: number[] = [];
  const { source, totals } = await passing('http://a/[0-999]', {
    check: (batch) => (batch.some(({ index }) => index === 900) ? Promise.reject(fault) : undefined),
    take: (task) => (taken.push(task.index), task),
  });
  await expect(readAll(source)).rejects.toBe(fault);
  expect(taken.at(-1)).toBe(511);
  expect(totals).toEqual([]);
});

it('does not take for the end that nobody reads on', async () => {
  const { source, totals } = await passing('-', {}, endless());
  const batches = source[Symbol.asyncIterator]();
  await batches.next();
  const waiting = batches.next();
  await batches.return?.();
  expect((await waiting).done).toBe(true);
  expect(totals).toEqual([]);
});

async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('http://a/\n');
  await new Promise(() => {});
}

it('asks about a batch while the one before it goes on, and counts what it passes over', async () => {
  const asked: number[] = [];
  let passed = 0;
  const { source, totals } = await passing('http://a/[0-1999]', {
    ask: (batch) => {
      asked.push(batch[0]!.index);
      passed += batch.length - 1;
      return Promise.resolve(batch.slice(0, 1));
    },
    passedOver: () => passed,
    onEnd: (total) => totals.push(-total),
  });
  const batches = source[Symbol.asyncIterator]();
  const first = await batches.next();
  expect(first).toMatchObject({ done: false, value: [{ index: 0 }] });
  await new Promise((resolve) => void setImmediate(resolve));
  expect(asked).toEqual([0, 512]);
  const rest = await readAll({ [Symbol.asyncIterator]: () => batches });
  expect(rest.map(({ index }) => index)).toEqual([512, 1024, 1536]);
  expect([source.size, source.passedOver?.(), totals]).toEqual([2000, 1996, [2000, -2000]]);
});
