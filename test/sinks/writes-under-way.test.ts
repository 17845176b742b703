import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../src/model/record.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { WritesUnderWay } from '../../src/sinks/writes-under-way.ts';
import { fetched } from '../report/records.ts';

describe('writes under way', () => {
  it('are one after the other without a window', async () => {
    const sink = held();
    const writes = new WritesUnderWay(sink);
    const first = watched(writes.add(records(3)));
    await turn();
    expect([first.isDone, sink.begun]).toEqual([false, [3]]);
    sink.end(0);
    await first.promise;
  });

  it('are as many at once as there are records in the window, begun in their order', async () => {
    const sink = held(5);
    const writes = new WritesUnderWay(sink);
    await writes.add(records(2));
    await writes.add(records(3));
    const third = watched(writes.add(records(1)));
    await turn();
    expect([third.isDone, sink.begun]).toEqual([false, [2, 3, 1]]);
    sink.end(1); // in whatever order they end
    await third.promise;
    const fourth = watched(writes.add(records(3)));
    await turn();
    expect([fourth.isDone, sink.begun]).toEqual([false, [2, 3, 1, 3]]);
    sink.end(2);
    await fourth.promise;
    expect(sink.begun).toEqual([2, 3, 1, 3]);
  });

  it('take a batch that is larger than the window', async () => {
    const sink = held(2);
    const writes = new WritesUnderWay(sink);
    const large = watched(writes.add(records(10)));
    await turn();
    expect(large.isDone).toBe(false);
    sink.end(0);
    await large.promise;
  });

  it('hold no more bytes of bodies than there is room for, whatever the window', async () => {
    const sink = held(1000);
    const writes = new WritesUnderWay(sink);
    const large = { bytes: 20 * 1024 * 1024, content: { form: 'text', text: 'x' } } as const;
    const body = () => [fetched(0, 1, large)];
    await writes.add(body());
    await writes.add(body());
    await writes.add(body());
    const fourth = watched(writes.add(body()));
    await turn();
    expect(fourth.isDone).toBe(false);
    sink.end(2);
    await fourth.promise;
    const saved = [fetched(1, 1, { bytes: large.bytes, file: 'saved' })]; // its body is not in memory
    await writes.add(saved);
  });

  it('have ended when the last has, and not before', async () => {
    const sink = held(100);
    const writes = new WritesUnderWay(sink);
    await writes.ended(); // there is none
    await writes.add(records(1));
    await writes.add(records(1));
    const end = watched(writes.ended());
    sink.end(1);
    await turn();
    expect(end.isDone).toBe(false);
    sink.end(0);
    await end.promise;
  });

  it('throw a fault where somebody waits, and then every time', async () => {
    const sink = held(1);
    const writes = new WritesUnderWay(sink);
    await writes.add(records(1));
    const waiting = writes.add(records(1));
    sink.fail(0, new Error('full'));
    await expect(waiting).rejects.toThrow('full');
    await expect(writes.add([])).rejects.toThrow('full');
    const end = writes.ended();
    sink.fail(1, new Error('later'));
    await expect(end).rejects.toThrow('full');
  });

  it('are waited for after a fault, for what they write is to be whole', async () => {
    const sink = held(100);
    const writes = new WritesUnderWay(sink);
    await writes.add(records(1));
    await writes.add(records(1));
    sink.fail(0, new Error('full'));
    const end = watched(writes.ended());
    await turn();
    expect(end.isDone).toBe(false);
    sink.end(1);
    await expect(end.promise).rejects.toThrow('full');
  });
});

/** A sink whose writes end when the test says so. */
function held(window?: number) {
  const writes: PromiseWithResolvers<void>[] = [];
  const begun: number[] = [];
  return {
    name: 'held',
    window,
    begun,
    write(batch) {
      begun.push(batch.length);
      const write = Promise.withResolvers<void>();
      writes.push(write);
      return write.promise;
    },
    close: () => Promise.resolve(),
    end: (at: number) => writes[at]!.resolve(),
    fail: (at: number, error: Error) => writes[at]!.reject(error),
  } satisfies Sink & Record<string, unknown>;
}

/** Tells whether a promise has been settled. */
function watched(promise: Promise<void>) {
  const state = { promise, isDone: false };
  const settle = () => (state.isDone = true);
  promise.then(settle, settle);
  return state;
}

function records(count: number): FetchRecord[] {
  return Array.from({ length: count }, (_, index) => fetched(index, 1));
}

/** All that promises have to say has been said. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
