import { describe, expect, it } from 'vitest';
import { ReaderGoneError, SinkError } from '../../src/model/errors.ts';
import { FetchRecord } from '../../src/model/record.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { tee } from '../../src/sinks/tee.ts';
import { createLatch } from '../servers/latch.ts';

const batch = [
  new FetchRecord({
    index: 0,
    id: '0',
    url: 'https://example.com/',
    ok: true,
    attempts: 1,
    timing: { queue: 0, total: 1 },
    startedAt: 0,
  }),
];
const full = new SinkError('cannot write b: full');
const gone = new ReaderGoneError('the reader of b went away');

describe('tee', () => {
  it('gives every batch to each and waits for the slowest', async () => {
    const latch = createLatch();
    const [a, b] = [fake('a'), fake('b', () => latch.opened)];
    const both = tee([a, b]);
    expect(both.name).toBe('a, b');
    let isWritten = false;
    const writing = both.write(batch).then(() => (isWritten = true));
    await a.write([]); // some turns later
    expect(isWritten).toBe(false);
    latch.open();
    await writing;
    await both.close();
    expect([a, b].map(({ log }) => log)).toEqual([
      ['write 1', 'write 0', 'close'],
      ['write 1', 'close'],
    ]);
  });

  it('throws what one throws when the others have written, and closes all', async () => {
    const latch = createLatch();
    const [a, b, c] = [fake('a', () => latch.opened), fake('b', () => Promise.reject(full)), fake('c')];
    const all = tee([a, b, c]);
    const writing = all.write(batch);
    latch.open();
    await expect(writing).rejects.toBe(full);
    await all.close();
    expect([a, b, c].map(({ log }) => log)).toEqual([a, b, c].map(() => ['write 1', 'close']));
  });

  it('goes on without a reader that went away, until none is left', async () => {
    const [a, b] = [fake('a'), fake('b', () => Promise.reject(gone))];
    const both = tee([b, a]);
    await both.write(batch);
    await both.write(batch);
    await both.close();
    expect([a.log, b.log]).toEqual([
      ['write 1', 'write 1', 'close'],
      ['write 1', 'close'],
    ]);
    const alone = tee([b, fake('c', () => Promise.reject(gone))]);
    await expect(alone.write(batch)).rejects.toBe(gone);
  });

  it('has the widest window, and has writes one after the other where there is none', async () => {
    const latches = [createLatch(), createLatch()];
    let begun = 0;
    const wide = [fake('a', undefined, undefined, 10), fake('b', undefined, undefined, 20)];
    const one = fake('c', () => latches[begun++]!.opened);
    const all = tee([...wide, one]);
    expect([all.window, tee([one]).window]).toEqual([20, undefined]);
    const writing = [all.write(batch), all.write([])];
    await one.logged;
    expect([...wide, one].map(({ log }) => log)).toEqual([
      ['write 1', 'write 0'],
      ['write 1', 'write 0'],
      ['write 1'],
    ]);
    latches[0]!.open();
    await writing[0];
    latches[1]!.open();
    await writing[1];
    expect(one.log).toEqual(['write 1', 'write 0']);
  });

  it('writes nothing further into one that could not be written, for the last line may be torn', async () => {
    const torn = fake('b', () => Promise.reject(full));
    const all = tee([fake('a', undefined, undefined, 10), torn]);
    const writing = [all.write(batch), all.write(batch)];
    await Promise.all(writing.map((write) => expect(write).rejects.toBe(full)));
    expect(torn.log).toEqual(['write 1']);
  });

  it('goes on when a reader went away while writes were waiting for it', async () => {
    const wide = fake('a', undefined, undefined, 10);
    const all = tee([wide, fake('b', () => Promise.reject(gone))]);
    await Promise.all([all.write(batch), all.write(batch), all.write(batch)]);
    await all.write(batch);
    expect(wide.log).toHaveLength(4);
  });

  it('closes all when one cannot be closed', async () => {
    const [a, b] = [fake('a', undefined, () => Promise.reject(full)), fake('b')];
    await expect(tee([a, b]).close()).rejects.toBe(full);
    expect(b.log).toEqual(['close']);
  });
});

function fake(
  name: string,
  onWrite: () => Promise<void> = () => Promise.resolve(),
  onClose: () => Promise<void> = () => Promise.resolve(),
  window?: number,
): Sink & { readonly log: string[]; readonly logged: Promise<void> } {
  const log: string[] = [];
  const latch = createLatch();
  return {
    name,
    window,
    log,
    logged: latch.opened,
    write: (records) => {
      log.push(`write ${records.length}`);
      latch.open();
      return onWrite();
    },
    close: () => {
      log.push('close');
      return onClose();
    },
  };
}
