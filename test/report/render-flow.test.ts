import { expect, it } from 'vitest';
import type { FlowFigures } from '../../src/model/flow.ts';
import { renderFlow } from '../../src/report/render-flow.ts';

const flow: FlowFigures = {
  sampledMs: 1000,
  sourceReadMs: 40,
  sourceWaitedMs: 960,
  lanes: { busyMs: 970, waitedForSourceMs: 10, waitedForSinkMs: 0, heldBackMs: 0, drainedMs: 20 },
  sinkWaitedMs: 920,
  utilization: 0.3,
  bottleneck: 'server',
};
const lanes = { ...flow.lanes, busyMs: 330, waitedForSourceMs: 600, waitedForSinkMs: 500, heldBackMs: 400 };

it.each<[Partial<FlowFigures>, number, string[]]>([
  [
    {},
    50,
    [
      'at work    source ▍········· 4 % → 50 lanes █████████▊ 97 % → sink ▊········· 8 %',
      '           The server sets the pace.',
    ],
  ],
  [
    { bottleneck: 'source', sourceReadMs: 1000, lanes },
    1,
    [
      'at work    source ██████████ 100 % → 1 lane ███▎······ 33 % → sink ▊········· 8 %',
      '           The source sets the pace: lanes were idle 60 % of the time for want of tasks.',
    ],
  ],
])('draws how much of the time each stage was at work: %o', (figures, count, expected) => {
  expect(renderFlow({ ...flow, ...figures }, count)).toEqual(expected);
});

it.each<[FlowFigures['bottleneck'], string]>([
  ['sink', 'The sink sets the pace: lanes were idle 50 % of the time because it was behind.'],
  ['limits', 'Limits set the pace: lanes were idle 40 % of the time for rates, hosts or retries.'],
  ['client', 'This process sets the pace: its core was busy 30 % of the time.'],
])('says what the bottleneck is: %s', (bottleneck, sentence) => {
  expect(renderFlow({ ...flow, lanes, bottleneck }, 50)[1]?.trim()).toBe(sentence);
});

it('draws nothing of a run of an instant', () => {
  expect(renderFlow(undefined, 50)).toEqual([]);
});
