import { describe, expect, it } from 'vitest';
import type { FlowFigures } from '../../src/model/flow.ts';
import type { TransformFigures } from '../../src/model/transform-figures.ts';
import { renderTransforms, withTransforms } from '../../src/report/render-transforms.ts';

const figures: TransformFigures = { records: 1, dropped: 0, failed: 0, workers: 1, busyMs: 500, replaced: 0 };
const flow: FlowFigures = {
  sampledMs: 1000,
  sourceReadMs: 40,
  sourceWaitedMs: 960,
  lanes: { busyMs: 300, waitedForSourceMs: 0, waitedForSinkMs: 600, heldBackMs: 0, drainedMs: 100 },
  sinkWaitedMs: 20,
  utilization: 0.3,
  bottleneck: 'sink',
};

it.each<[Partial<TransformFigures>, string]>([
  [{}, 'transforms 1 record · 1 worker busy 50 %'],
  [
    { records: 1200, dropped: 30, failed: 2, workers: 4, busyMs: 3600, replaced: 1 },
    'transforms 1,200 records · 30 dropped · 2 failed · 1 worker replaced · 4 workers busy 90 %',
  ],
  [{ busyMs: 5000 }, 'transforms 1 record · 1 worker busy 100 %'],
])('%j', (change, line) => {
  expect(renderTransforms({ ...figures, ...change }, 1000)).toEqual([line]);
});

it('none, and a run of no time', () => {
  expect(renderTransforms(undefined, 1000)).toEqual([]);
  expect(renderTransforms(figures, 0)).toEqual(['transforms 1 record · 1 worker busy 0 %']);
});

describe('who sets the pace', () => {
  it.each<[string, number, number, FlowFigures['bottleneck']]>([
    ['workers that are busier than the lanes', 900, 300, 'transforms'],
    ['workers that are busy, and lanes that are busier', 900, 950, 'sink'],
    ['workers that are half idle', 500, 300, 'sink'],
  ])('%s', (_, busyMs, lanesMs, bottleneck) => {
    const lanes = { ...flow.lanes, busyMs: lanesMs };
    expect(withTransforms({ ...flow, lanes }, { ...figures, busyMs }, 1000)?.bottleneck).toBe(bottleneck);
  });

  it('is told only where it is known', () => {
    expect(withTransforms(undefined, figures, 1000)).toBe(undefined);
    expect(withTransforms(flow, undefined, 1000)).toBe(flow);
  });
});
