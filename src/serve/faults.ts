import type { Milliseconds } from '../model/units.ts';
import { fnv1a } from '../model/fnv1a.ts';
import { mulberry32 } from './random.ts';
import type { ServeSettings } from './settings.ts';

/** What is done to one request. */
export interface Fate {
  readonly delayMs: Milliseconds;
  /** Undefined: it gets its proper answer. */
  readonly fault: Fault | undefined;
}

/** An error status instead of the answer, or a connection reset before or within it. */
export type Fault =
  | { readonly kind: 'error'; readonly status: 500 | 502 | 503 }
  | { readonly kind: 'reset'; readonly when: 'before' | 'within' };

/** The settings that a fate depends on. */
export type FaultSettings = Pick<
  ServeSettings,
  'latencyMs' | 'jitterMs' | 'errorRate' | 'resetRate' | 'retryAfterSeconds' | 'seed'
>;

/**
 * The fate of the `nth` request (from 1) of `method` for `target`: a pure function, so that two runs
 * with one seed see the same faults in whatever order they ask, and a retry gets a new chance.
 * Where both rates add up to more than 1, resets come first.
 */
export function fateOf(settings: FaultSettings, method: string, target: string, nth: number): Fate {
  const seed = fnv1a(`${settings.seed} ${method} ${target} ${nth}`);
  const random = mulberry32(seed);
  const dice = random();
  const which = random();
  const spread = (2 * random() - 1) * settings.jitterMs;
  return { delayMs: Math.max(0, settings.latencyMs + spread), fault: faultOf(settings, dice, which) };
}

/** True when every fate is the same, so that nobody needs to count requests. */
export function isUniform(settings: FaultSettings): boolean {
  return settings.errorRate === 0 && settings.resetRate === 0 && settings.jitterMs === 0;
}

const statuses = [500, 502, 503] as const;

function faultOf(settings: FaultSettings, dice: number, which: number): Fault | undefined {
  if (dice < settings.resetRate) {
    return { kind: 'reset', when: which < 0.5 ? 'before' : 'within' };
  }
  if (dice < settings.resetRate + settings.errorRate) {
    const status = settings.retryAfterSeconds === undefined ? statuses[Math.floor(which * 3)]! : 503;
    return { kind: 'error', status };
  }
  return undefined;
}
