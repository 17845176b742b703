import fs, { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SinkError } from '../../../src/model/errors.ts';
import type { Fsync } from '../../../src/model/options/run-options.ts';
import { MarkWriter } from '../../../src/sinks/journal/marks.ts';

const mark = (index: number, page: number) => ({ index, page, id: String(index), url: `http://a/${index}` });

/** Two sidecars with a first line, and how they are read. */
function sidecars() {
  const folder = mkdtempSync(path.join(tmpdir(), 'bulkfetch-marks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = ['a', 'b'].map((name) => path.join(folder, name));
  paths.forEach((file) => writeFileSync(file, 'header\n'));
  return { paths, texts: () => paths.map((file) => readFileSync(file, 'utf8')) };
}

it.each<Fsync>(['none', 'interval', 'each'])(
  'stand in every sidecar when they have resolved (%s)',
  async (fsync) => {
    const { paths, texts } = sidecars();
    const marks = new MarkWriter(paths, fsync);
    await marks.add(mark(7, 1));
    expect(texts()).toEqual(['header\n{"sent":[7]}\n', 'header\n{"sent":[7]}\n']);
    await marks.add(mark(8, 2));
    await marks.close();
    expect(texts()[1]).toBe('header\n{"sent":[7]}\n{"sent":[[8,2]]}\n');
  },
);

it('of one turn of the event loop, and those that come during a write, are one line', async () => {
  const { paths, texts } = sidecars();
  const marks = new MarkWriter(paths, 'none');
  const first = [marks.add(mark(0, 1)), marks.add(mark(1, 1)), marks.add(mark(2, 1))];
  await new Promise((resolve) => void setImmediate(resolve)); // the write has begun
  await Promise.all([...first, marks.add(mark(3, 1)), marks.add(mark(4, 1))]);
  await marks.close();
  expect(texts()[0]).toBe('header\n{"sent":[0,1,2]}\n{"sent":[3,4]}\n');
});

it('that are being written are let end by close', async () => {
  const { paths, texts } = sidecars();
  const marks = new MarkWriter(paths, 'none');
  const made = marks.add(mark(0, 1));
  await marks.close();
  await made;
  expect(texts()[0]).toBe('header\n{"sent":[0]}\n');
});

it('leave a sidecar alone when there is none to make', async () => {
  const { paths, texts } = sidecars();
  await new MarkWriter([...paths, path.join(paths[0]!, 'nowhere')], 'each').close();
  expect(texts()).toEqual(['header\n', 'header\n']);
});

it('are refused after one that may have been torn, even if the disk takes bytes again', async () => {
  const { paths, texts } = sidecars();
  const marks = new MarkWriter(paths, 'none');
  await marks.add(mark(0, 1));
  const write = vi.spyOn(fs, 'write').mockImplementationOnce((...args: unknown[]) => {
    (args.at(-1) as (error: Error) => void)(new Error('injected'));
  });
  await expect(marks.add(mark(1, 1))).rejects.toThrow('injected');
  write.mockRestore();
  await expect(marks.add(mark(2, 1))).rejects.toThrow('injected');
  await marks.close();
  expect(texts()[0]).toBe('header\n{"sent":[0]}\n');
});

it('are refused, all of them, when one sidecar cannot be written', async () => {
  const { paths } = sidecars();
  const marks = new MarkWriter([paths[0]!, path.join(paths[0]!, 'nowhere')], 'none');
  const refused = await Promise.allSettled([marks.add(mark(0, 1)), marks.add(mark(1, 1))]);
  const later = await Promise.allSettled([marks.add(mark(2, 1))]);
  expect([...refused, ...later]).toEqual(
    Array.from({ length: 3 }, () => ({ status: 'rejected', reason: expect.any(SinkError) })),
  );
  await marks.close();
});
