import type { Milliseconds } from '../../model/units.ts';

/** A limit, the mean time of an exchange under it, and how much these times vary. */
export interface Level {
  readonly limit: number;
  readonly meanMs: Milliseconds;
  /** Standard deviation over mean. */
  readonly spread: number;
}

/** By Little's law, in exchanges a millisecond. */
export function throughput({ limit, meanMs }: Level): number {
  return limit / meanMs;
}

/**
 * Where throughput stops growing, if it does so between these two: the throughput above times the
 * time below, which is the time without a queue.
 */
export function kneeOf(below: Level, above: Level): number {
  const knee = Math.ceil(throughput(above) * below.meanMs - 0.1);
  return Math.min(above.limit, Math.max(below.limit, knee));
}

/** First step of a search for more: small, because most find nothing and cost latency. */
export const stepUp = 1.12;
/** First step of a search for less. */
export const stepDown = 1.25;
/** Steps of a search that goes on double, in logarithms, up to this; so does a search from nothing. */
export const longestStep = 2;

/** At least that step, and so long that the times of a second or so can judge it: their noise is small against it. */
export function stepFor(level: Level, least: number): number {
  const samples = Math.max(1000 * throughput(level), 2 * level.limit);
  const noise = level.spread * Math.sqrt(2 / samples);
  return Math.min(longestStep, Math.max(least, Math.exp(5 * noise)));
}

/** The next step of a search that has found something. */
export function nextStep(step: number): number {
  return Math.min(longestStep, step * step);
}
