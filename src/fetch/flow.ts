import { performance } from 'node:perf_hooks';
import type { Bottleneck, FlowFigures, LaneTimes } from '../model/flow.ts';
import type { Milliseconds } from '../model/units.ts';
import type { Admission } from './admission.ts';
import type { Intake } from './intake.ts';
import type { Output } from './output.ts';

/** What the stages of a run are doing at one moment. */
export interface FlowState {
  readonly concurrency: number;
  readonly inFlight: number;
  /** Tasks read that are neither in flight nor finished. */
  readonly waiting: number;
  readonly sourceEnded: boolean;
  /** The queue is full, and the source waits. */
  readonly sourceWaits: boolean;
  /** The sink is so far behind that nothing may start. */
  readonly sinkIsBehind: boolean;
  /** The sink waits for records. */
  readonly sinkWaits: boolean;
}

/** The parts of the engine that know. */
export interface FlowParts {
  readonly admission: Admission;
  readonly intake: Intake;
  readonly output: Output;
}

/** What they are doing now. */
export function flowState({ admission, intake, output }: FlowParts): FlowState {
  return {
    concurrency: admission.capacity,
    inFlight: admission.inFlight,
    waiting: intake.waiting,
    sourceEnded: intake.hasEnded,
    sourceWaits: intake.isHeld,
    sinkIsBehind: output.isFull,
    sinkWaits: output.isAwaited,
  };
}

type LaneUse = keyof LaneTimes;

/**
 * Samples what the stages wait for. A sample stands for the time since the last one: at a hundred a
 * second a run of some seconds is known to a percent, and no request pays for it.
 */
export class FlowMeter {
  readonly #lanes: Record<LaneUse, Milliseconds> = {
    busyMs: 0,
    waitedForSourceMs: 0,
    waitedForSinkMs: 0,
    heldBackMs: 0,
    drainedMs: 0,
  };
  #sampledMs = 0;
  #sourceReadMs = 0;
  #sourceWaitedMs = 0;
  #sinkWaitedMs = 0;
  #last: Milliseconds | undefined;
  #loop = performance.eventLoopUtilization();

  /** The run begins. */
  start(now: Milliseconds): void {
    this.#last = now;
    this.#loop = performance.eventLoopUtilization();
  }

  sample(now: Milliseconds, state: FlowState): void {
    const passed = now - (this.#last ?? now);
    const busy = Math.min(1, state.inFlight / state.concurrency);
    this.#last = now;
    this.#sampledMs += passed;
    this.#lanes.busyMs += passed * busy;
    this.#lanes[idleUse(state)] += passed * (1 - busy);
    this.#sourceReadMs += state.sourceEnded || state.sourceWaits ? 0 : passed;
    this.#sourceWaitedMs += state.sourceWaits ? passed : 0;
    this.#sinkWaitedMs += state.sinkWaits ? passed : 0;
  }

  /** Undefined for a run that was too short to be sampled. */
  figures(): FlowFigures | undefined {
    if (this.#sampledMs === 0) {
      return undefined;
    }
    const { utilization } = performance.eventLoopUtilization(this.#loop);
    return {
      sampledMs: this.#sampledMs,
      sourceReadMs: this.#sourceReadMs,
      sourceWaitedMs: this.#sourceWaitedMs,
      lanes: { ...this.#lanes },
      sinkWaitedMs: this.#sinkWaitedMs,
      utilization,
      bottleneck: bottleneckOf(this.#lanes, utilization),
    };
  }
}

/** Why lanes that are idle are so. */
function idleUse({ sinkIsBehind, waiting, sourceEnded }: FlowState): LaneUse {
  if (sinkIsBehind) {
    return 'waitedForSinkMs';
  }
  if (waiting > 0) {
    return 'heldBackMs';
  }
  return sourceEnded ? 'drainedMs' : 'waitedForSourceMs';
}

/** Lanes that are busy for this share of the time are what the rest waits for. */
const mostlyBusy = 0.8;
/** An event loop that is idle for less than the rest of it has no time left. */
const saturated = 0.95;

/** What kept the run from being faster; the end, when nothing is left to start, says nothing of it. */
export function bottleneckOf(lanes: LaneTimes, utilization: number): Bottleneck {
  const causes: readonly [Bottleneck, Milliseconds][] = [
    ['source', lanes.waitedForSourceMs],
    ['sink', lanes.waitedForSinkMs],
    ['limits', lanes.heldBackMs],
  ];
  const idleMs = causes.reduce((sum, [, ms]) => sum + ms, 0);
  if (lanes.busyMs >= mostlyBusy * (lanes.busyMs + idleMs)) {
    return utilization >= saturated ? 'client' : 'server';
  }
  return causes.reduce((most, cause) => (cause[1] > most[1] ? cause : most))[0];
}
