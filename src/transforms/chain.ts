import { types } from 'node:util';
import { tooLong, type ChainProblem } from './chain-problem.ts';
import type { ChainSettings } from './chain-settings.ts';
import { Context, nameOf, Progress } from './context.ts';
import type { Step } from './load.ts';
import { stackPlace } from './stack-place.ts';
import { isThrown, thrownText } from './thrown.ts';
import { TransformError } from './transform-error.ts';
import type { TransformRecord } from './transform.ts';
import type { WorkerBody } from './worker-body.ts';

/** What a chain has made of a record; undefined: dropped. */
export type ChainResult =
  | { readonly record: TransformRecord | undefined; readonly body: WorkerBody }
  | { readonly problem: ChainProblem; readonly body: WorkerBody };

/** Hands the record from step to step. Never throws. */
export async function runChain(
  steps: readonly Step[],
  first: TransformRecord,
  bytes: Uint8Array,
  settings: ChainSettings,
): Promise<ChainResult> {
  const progress = new Progress(first, bytes, settings);
  const context = new Context(progress, settings);
  for (const [at, { spec, transform }] of steps.entries()) {
    settings.onStep(at);
    const calledAt = performance.now();
    let given: unknown;
    let isFit: boolean;
    try {
      given = transform(progress.record, context);
      settings.onCalled?.(spec, performance.now() - calledAt);
      given = types.isPromise(given) ? await given : given;
      isFit = isRecord(given);
    } catch (error) {
      return { problem: problemOf(error, spec, progress.isLate, settings), body: progress.body };
    }
    if (progress.isLate) {
      return { problem: tooLong(spec, settings.timeoutMs), body: progress.body };
    }
    if (given === undefined) {
      return { record: undefined, body: progress.body };
    }
    if (!isFit) {
      const problem = `${spec} gave back ${nameOf(given)}, which is no record; undefined drops one`;
      return { problem: { code: 'TRANSFORM_RESULT', message: problem }, body: progress.body };
    }
    progress.record = given as TransformRecord;
  }
  return { record: progress.record, body: progress.body };
}

/** What was thrown, for a person: with its place in a file, unless it is meant for one. */
function problemOf(
  error: unknown,
  spec: string,
  isLate: boolean,
  { timeoutMs, own }: ChainSettings,
): ChainProblem {
  if (isLate) {
    return tooLong(spec, timeoutMs); // it has heard the signal
  }
  const place = isThrown(error, TransformError) ? undefined : stackPlace(error, own);
  return { code: 'TRANSFORM_FAILED', message: `${place ?? spec}: ${thrownText(error)}` };
}

/** Throws for a proxy that has been revoked. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
