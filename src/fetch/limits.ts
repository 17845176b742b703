import { readsBody } from '../model/options/next-rule.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';

/** With `--concurrency auto`: more sockets than this are no client's business. */
const mostOfAuto = 1_000;

/** Exchanges under way, and sockets, at the most. */
export function capOf({ concurrency }: ResolvedOptions): number {
  return concurrency === 'auto' ? mostOfAuto : concurrency;
}

/** The limits of one exchange; Infinity: none. */
export interface LaneLimits {
  readonly timeout: Milliseconds;
  readonly connectTimeout: Milliseconds;
  readonly taskTimeout: Milliseconds;
  readonly maxBody: Bytes;
  readonly keepBody: boolean;
}

/** What the options say of each exchange. As with curl, a time of 0 is no limit. */
export function limitsOf(
  options: ResolvedOptions,
  settings: { keepsBytes?: boolean | undefined },
): LaneLimits {
  return {
    timeout: options.timeout || Number.POSITIVE_INFINITY,
    connectTimeout: options.connectTimeout || Number.POSITIVE_INFINITY,
    taskTimeout: options.taskTimeout || Number.POSITIVE_INFINITY,
    maxBody: options.maxBody,
    keepBody:
      options.body !== 'none' ||
      settings.keepsBytes === true ||
      options.respectRobots ||
      readsBody(options.next),
  };
}

/** Said when that is so. */
export const tooManyFiles =
  'this machine allows no further open file or socket (ulimit -n): fewer tasks at once from now on';
