import { describe, expect, it } from 'vitest';
import { bottleneckOf, FlowMeter, type FlowState } from '../../src/fetch/flow.ts';
import type { LaneTimes } from '../../src/model/flow.ts';

const busy: FlowState = {
  concurrency: 10,
  inFlight: 10,
  waiting: 100,
  sourceEnded: false,
  sourceWaits: false,
  sinkIsBehind: false,
  sinkWaits: false,
};
const idle: LaneTimes = {
  busyMs: 0,
  waitedForSourceMs: 0,
  waitedForSinkMs: 0,
  heldBackMs: 0,
  drainedMs: 0,
};

function measured(...states: readonly Partial<FlowState>[]) {
  const meter = new FlowMeter();
  meter.start(0);
  states.forEach((state, at) => meter.sample((at + 1) * 10, { ...busy, ...state }));
  return meter.figures();
}

describe('FlowMeter', () => {
  it('has nothing to say of an instant', () => {
    expect(measured()).toBeUndefined();
  });

  it.each<[string, Partial<FlowState>, Partial<LaneTimes>]>([
    ['all lanes are busy', {}, { busyMs: 10 }],
    ['more than all: a limit has been lowered', { inFlight: 12 }, { busyMs: 10 }],
    ['nothing has been read', { inFlight: 3, waiting: 0 }, { busyMs: 3, waitedForSourceMs: 7 }],
    ['nothing is left', { inFlight: 3, waiting: 0, sourceEnded: true }, { busyMs: 3, drainedMs: 7 }],
    ['the sink is behind', { inFlight: 0, sinkIsBehind: true }, { waitedForSinkMs: 10 }],
    ['tasks wait and may not start', { inFlight: 5 }, { busyMs: 5, heldBackMs: 5 }],
  ])('says what lanes do when %s', (_, state, expected) => {
    expect(measured(state)).toMatchObject({ sampledMs: 10, lanes: { ...idle, ...expected } });
  });

  it('adds up what the source and the sink do', () => {
    const figures = measured(
      { sourceWaits: true },
      { sourceWaits: true, sinkWaits: true },
      {},
      { sourceEnded: true },
    );
    expect(figures).toMatchObject({ sampledMs: 40, sourceWaitedMs: 20, sourceReadMs: 10, sinkWaitedMs: 10 });
  });
});

describe('bottleneckOf', () => {
  it.each<[Partial<LaneTimes>, number, string]>([
    [{ busyMs: 90, waitedForSinkMs: 10 }, 0.5, 'server'],
    [{ busyMs: 90, waitedForSinkMs: 10 }, 0.99, 'client'],
    [{ busyMs: 10, drainedMs: 1000 }, 0.5, 'server'],
    [{ busyMs: 50, waitedForSinkMs: 30, waitedForSourceMs: 20 }, 0.99, 'sink'],
    [{ busyMs: 50, waitedForSinkMs: 20, waitedForSourceMs: 30 }, 0.5, 'source'],
    [{ busyMs: 50, waitedForSinkMs: 20, heldBackMs: 30 }, 0.5, 'limits'],
  ])('of %o at %d is the %s', (lanes, utilization, expected) => {
    expect(bottleneckOf({ ...idle, ...lanes }, utilization)).toBe(expected);
  });
});
