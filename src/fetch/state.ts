import type { ExchangeState, HostState, RunState } from '../model/run-state.ts';
import type { EngineStats } from '../model/stats.ts';
import type { Milliseconds } from '../model/units.ts';
import type { Endings } from './endings.ts';
import { Errand } from './errand.ts';
import { flowState, type FlowParts } from './flow.ts';
import type { Host } from './host.ts';
import type { LanePool } from './lane-pool.ts';
import type { Lane } from './lane.ts';

/** The parts of the engine that know how it stands. */
export interface EngineParts extends FlowParts {
  readonly endings: Endings;
  readonly pool: LanePool;
  /** Undefined: each lane has one. */
  readonly sockets: () => number | undefined;
}

/** Hosts and exchanges that are named. */
const shown = 10;

/**
 * What the engine is doing now, in numbers. What is in flight is counted where it is: admission counts an
 * exchange that has failed until its lane is free, a moment after its task has ended.
 * Of tasks that end with a page which is not the last it is not known whether they have been transformed.
 */
export function statsOf(
  { admission, intake, endings, pool, sockets }: EngineParts,
  transformed: number | undefined,
): EngineStats {
  const transforming = transformed === undefined ? 0 : intake.whole - transformed;
  const jobs = Array.from(pool.lanes, ({ job }) => job).filter((job) => job !== undefined);
  const tasks = jobs.filter((job) => !(job instanceof Errand));
  return {
    read: intake.total,
    sourceEnded: intake.hasEnded,
    waiting: intake.total - intake.finished - tasks.length,
    inFlight: jobs.length,
    finished: intake.finished - transforming,
    ...(transformed !== undefined && { transforming }),
    requests: admission.requests,
    retries: endings.retries,
    sockets: sockets() ?? pool.lanes.size,
    ...(admission.isTuned && { limit: admission.limit }),
    tripped: admission.tripped,
  };
}

/** The same with its hosts, and the exchanges that take long. */
export function stateOf(parts: EngineParts, now: Milliseconds, transformed: number | undefined): RunState {
  const { admission, endings, pool } = parts;
  const { sourceWaits, sinkIsBehind, sinkWaits } = flowState(parts);
  const hosts = Array.from(admission.hosts).sort((a, b) => work(b) - work(a));
  const busy = Array.from(pool.lanes).filter(({ job }) => job !== undefined);
  busy.sort((a, b) => a.clock.startedAt - b.clock.startedAt);
  return {
    ...statsOf(parts, transformed),
    between: endings.between,
    sourceWaits,
    sinkIsBehind,
    sinkWaits,
    hosts: hosts.length,
    busiest: hosts.slice(0, shown).map((host) => hostState(host, now)),
    oldest: busy.slice(0, shown).map((lane) => exchangeState(lane, now)),
  };
}

function work({ active, waiting }: Host): number {
  return active + waiting.length;
}

function hostState(host: Host, now: Milliseconds): HostState {
  const { origin, active, mostActive, lanes, waiting } = host;
  return {
    origin,
    inFlight: active,
    ...(mostActive !== Number.POSITIVE_INFINITY && { limit: mostActive }),
    lanes,
    waiting: waiting.length,
    pausedMs: host.wait(now),
  };
}

function exchangeState({ job, clock }: Lane, now: Milliseconds): ExchangeState {
  const { index, id = String(index) } = job!.task;
  const { url, attempts } = job!;
  return { id, url, attempt: attempts, forMs: now - clock.startedAt, phase: clock.phase };
}
