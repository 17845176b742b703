import type { ResolvedOptions } from '../model/options.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';

/** The limits of one exchange; Infinity: none. */
export interface LaneLimits {
  readonly timeout: Milliseconds;
  readonly connectTimeout: Milliseconds;
  readonly taskTimeout: Milliseconds;
  readonly maxBody: Bytes;
  readonly keepBody: boolean;
}

/** What the options say of each exchange. As with curl, a time of 0 is no limit. */
export function limitsOf(options: ResolvedOptions): LaneLimits {
  return {
    timeout: options.timeout || Number.POSITIVE_INFINITY,
    connectTimeout: options.connectTimeout || Number.POSITIVE_INFINITY,
    taskTimeout: options.taskTimeout || Number.POSITIVE_INFINITY,
    maxBody: options.maxBody,
    keepBody: options.body !== 'none',
  };
}
