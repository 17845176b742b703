import type { FlowFigures } from '../model/flow.ts';
import type { TransformFigures } from '../model/transform-figures.ts';
import type { Milliseconds } from '../model/units.ts';
import { formatCount, formatShare, plural } from './format.ts';

/** Workers that are busy for this share of the time, and for more of it than the lanes, are what the rest waits for. */
const mostlyBusy = 0.7;

/** What the transforms did, in a line; none without any. */
export function renderTransforms(
  transforms: TransformFigures | undefined,
  elapsedMs: Milliseconds,
): string[] {
  if (transforms === undefined) {
    return [];
  }
  const { records, dropped, failed, replaced, workers } = transforms;
  const parts = [
    plural(records, 'record'),
    dropped > 0 && `${formatCount(dropped)} dropped`,
    failed > 0 && `${formatCount(failed)} failed`,
    replaced > 0 && `${plural(replaced, 'worker')} replaced`,
    `${plural(workers, 'worker')} busy ${formatShare(busyShare(transforms, elapsedMs))}`,
  ];
  return [`transforms ${parts.filter((part) => part !== false).join(' · ')}`];
}

/** The flow of a run in which transforms may have set the pace. */
export function withTransforms(
  flow: FlowFigures | undefined,
  transforms: TransformFigures | undefined,
  elapsedMs: Milliseconds,
): FlowFigures | undefined {
  if (flow === undefined || transforms === undefined) {
    return flow;
  }
  const busy = busyShare(transforms, elapsedMs);
  const isTheirs = busy >= mostlyBusy && busy > flow.lanes.busyMs / flow.sampledMs;
  return isTheirs ? { ...flow, bottleneck: 'transforms' } : flow;
}

function busyShare({ busyMs, workers }: TransformFigures, elapsedMs: Milliseconds): number {
  return elapsedMs === 0 ? 0 : Math.min(1, busyMs / (workers * elapsedMs));
}
