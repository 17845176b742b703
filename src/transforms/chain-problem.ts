import type { Milliseconds } from '../model/units.ts';

/** Why a chain has failed. */
export interface ChainProblem {
  readonly code: 'TRANSFORM_FAILED' | 'TRANSFORM_RESULT' | 'TRANSFORM_TIMEOUT';
  readonly message: string;
}

/** What is said of a step that took longer than it may. */
export function tooLong(spec: string, timeoutMs: Milliseconds): ChainProblem {
  const limit = timeoutMs % 1000 === 0 ? `${timeoutMs / 1000}s` : `${timeoutMs}ms`;
  return { code: 'TRANSFORM_TIMEOUT', message: `${spec} took longer than ${limit} (--transform-timeout)` };
}
