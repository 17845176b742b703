import { expect, it } from 'vitest';
import { lookAhead } from '../../src/sources/look-ahead.ts';
import { createLatch } from '../servers/latch.ts';

async function* upTo(count: number): AsyncGenerator<number, void, undefined> {
  for (let at = 0; at < count; at++) {
    yield at;
  }
}

/** All results, until one goes wrong. */
async function all<R>(results: AsyncIterator<R, void, undefined>): Promise<R[]> {
  const found: R[] = [];
  for (let step = await results.next(); step.done !== true; step = await results.next()) {
    found.push(step.value);
  }
  return found;
}

it.each([0, 1, 5])('keeps the order, however long each takes, %i ahead', async (ahead) => {
  const slow = async (n: number) => {
    for (let turn = n % 3; turn > 0; turn--) {
      await new Promise((resolve) => void setImmediate(resolve));
    }
    return n * 2;
  };
  expect(await all(lookAhead(upTo(9), slow, ahead))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16]);
});

it('acts on the next item while the reader is at one, and on no more', async () => {
  const begun: number[] = [];
  const results = lookAhead(upTo(9), (n) => Promise.resolve(begun.push(n)), 1);
  await results.next();
  await new Promise((resolve) => void setImmediate(resolve));
  expect(begun).toEqual([0, 1]);
  await results.next();
  await new Promise((resolve) => void setImmediate(resolve));
  expect(begun).toEqual([0, 1, 2]);
});

it('gives a result while the next item does not come', async () => {
  async function* stuck(): AsyncGenerator<string, void, undefined> {
    yield 'first';
    await new Promise(() => {});
  }
  const results = lookAhead(stuck(), (text) => Promise.resolve(text), 1);
  expect(await results.next()).toEqual({ done: false, value: 'first' });
});

it('throws where the result would stand, and what nobody reads is not reported', async () => {
  const latch = createLatch();
  const act = async (n: number) => {
    await latch.opened;
    if (n > 0) {
      throw new Error(`item ${n}`);
    }
    return n;
  };
  const results = lookAhead(upTo(3), act, 1);
  const first = results.next();
  latch.open();
  expect(await first).toEqual({ done: false, value: 0 });
  await expect(results.next()).rejects.toThrow('item 1'); // item 2 fails too, and is not asked for
});
