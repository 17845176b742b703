import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atMost, figure, timesAsFast } from './figures.ts';
import { hostList, shuffled } from './lists.ts';
import { median } from './statistics.ts';
import { tallyLines } from './tally.ts';
import type { ScenarioResult } from './rounds.ts';

describe('median', () => {
  it.each([
    [[], undefined],
    [[3], 3],
    [[10, 9, 100], 10],
    [[1, 2, 4, 100], 3],
  ])('%j: %s', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('figures', () => {
  const medians = { cpuSeconds: 1, peakMegabytes: 1, engineSeconds: undefined };
  const result: ScenarioResult = {
    urls: 10,
    medians: { bulkfetch: { ...medians, seconds: 2 }, curl: { ...medians, seconds: 5 } },
    okShare: {},
    peakSockets: 51,
  };

  it.each([
    [2.5, true],
    [2.6, false],
  ])('2 s against 5 s is %d times as fast: %s', (factor, met) => {
    expect(timesAsFast('bulkfetch', 'curl', factor)(result, true)).toMatchObject({ measured: 2.5, met });
  });

  it('judges nothing without a measurement', () => {
    expect(timesAsFast('bulkfetch', 'wget2', 1)(result, true)).toMatchObject({
      measured: undefined,
      met: undefined,
    });
  });

  it('misses an upper bound', () => {
    expect(atMost('sockets', 50, '', ({ peakSockets }) => peakSockets)(result, true).met).toBe(false);
  });

  it('shows but does not judge a quick run', () => {
    expect(figure('speed', '>=', 2, 'x', 1, false)).toMatchObject({ measured: 1, met: undefined });
  });
});

describe('lists', () => {
  it('names 2,000 hosts, in host order', () => {
    const hosts = hostList(80, 20_000, 10).map((url) => new URL(url).hostname);
    expect(new Set(hosts).size).toBe(2_000);
    expect(new Set(hosts.slice(0, 10)).size).toBe(1);
  });

  it('shuffles the same way on every run, and loses nothing', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => index);
    expect(shuffled(items)).toEqual(shuffled(items));
    expect(shuffled(items)).not.toEqual(items);
    expect(shuffled(items).sort((a, b) => a - b)).toEqual(items);
  });
});

describe('tallyLines', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bulkfetch-tally-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('counts lines longer than a chunk, the marked ones, and no header', async () => {
    const file = path.join(folder, 'out');
    await writeFile(file, `header\n${'x'.repeat(3 << 20)} ok\nfailed\nok\n`);
    expect(await tallyLines(file, 'ok', 1)).toEqual({ records: 3, ok: 2 });
  });

  it('does not count a torn last line', async () => {
    const file = path.join(folder, 'out');
    await writeFile(file, 'ok\nok');
    expect(await tallyLines(file, 'ok')).toEqual({ records: 1, ok: 1 });
  });
});
