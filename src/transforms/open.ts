import { availableParallelism } from 'node:os';
import type { RunObserver } from '../model/observer.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { ResolvedTransformOptions } from '../model/options/transform-options.ts';
import type { Milliseconds } from '../model/units.ts';
import { parseSpec } from './spec.ts';
import { TransformStage } from './stage.ts';

/** What the options do not say. */
export interface OpenSettings {
  /** Bodies go on as bytes, to be saved. */
  readonly keepsBytes: boolean;
  readonly onLog: (message: string) => void;
  /** Told what transforms do to records; absent in most runs. */
  readonly observer?: RunObserver | undefined;
  /** The time from which a transform is slow. */
  readonly slowMs: Milliseconds;
  /** Aborting it gives up the loading; later it is the stage that is closed. */
  readonly signal?: AbortSignal | undefined;
}

/** The transforms of a run, loaded. Throws a `UsageError` for one that does not load. */
export function openTransforms(
  options: ResolvedOptions & ResolvedTransformOptions,
  { keepsBytes, onLog, observer, slowMs, signal }: OpenSettings,
): Promise<TransformStage> {
  const { transform, transformWorkers, transformTimeout, body, maxBody, ordered } = options;
  return TransformStage.open({
    specs: transform.map(parseSpec),
    workers: transformWorkers ?? Math.max(1, availableParallelism() - 1),
    timeoutMs: transformTimeout || Number.POSITIVE_INFINITY,
    isOrdered: ordered,
    body,
    maxBody,
    keepsBytes,
    onLog,
    ...(observer !== undefined && { observer, slowMs }),
    signal,
  });
}
