import { expect, it } from 'vitest';
import { spareWriter, type WriteNew } from '../../../src/sinks/bodies/spare-writer.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });

/** Fails some times, and tells how many writes were under way at the most since the first failed. */
function failing(times: number, code: string) {
  const written: string[] = [];
  let [tries, open, peak] = [0, 0, 0];
  const write: WriteNew = async (file) => {
    peak = tries >= times ? Math.max(peak, ++open) : 0;
    await Promise.resolve();
    open = Math.max(0, open - 1);
    if (tries++ < times) {
      throw coded(code);
    }
    written.push(file);
  };
  return { write, written, peak: () => peak, tries: () => tries };
}

const nothing = new Uint8Array();

it.each(['EMFILE', 'ENFILE'])('writes all files, one after the other, after %s', async (code) => {
  const { write, written, peak } = failing(5, code);
  const writer = spareWriter(write);
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((file) => writer(file, nothing)));
  expect(written.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(peak()).toBe(1);
});

it('tells of every other error at once', async () => {
  const { write, tries } = failing(1, 'ENOSPC');
  await expect(spareWriter(write)('a', nothing)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(tries()).toBe(1);
});

it('goes on after one that could not be written', async () => {
  const written: string[] = [];
  const isTried = new Set<string>();
  const writer = spareWriter(async (file) => {
    if (!isTried.has(file)) {
      isTried.add(file);
      throw coded('EMFILE');
    }
    if (file === 'bad') {
      throw coded('ENOSPC');
    }
    written.push(file);
  });
  const bad = expect(writer('bad', nothing)).rejects.toMatchObject({ code: 'ENOSPC' });
  await Promise.all([bad, writer('good', nothing)]);
  expect(written).toEqual(['good']);
});
