import type { Milliseconds } from '../model/units.ts';
import { formatCount } from './format.ts';
import type { Bucket } from './histogram.ts';

/**
 * Buckets put together into at most `limit` ranges between round numbers, so that the shape of the
 * distribution shows at a glance: equal steps, or 1-2-5 and coarser where the times span more than
 * one order of magnitude. A few that took far longer than the rest share the last range instead of
 * squeezing the others into the first. A bucket counts where its middle lies; there must be one.
 */
export function ranges(buckets: readonly Bucket[], span: Span, limit: number): Range[] {
  const last = endOfBulk(buckets, span);
  const hasTail = last < span.max;
  const rows = hasTail ? limit - 1 : limit;
  const edges = last <= span.min * 8 ? equalSteps(span.min, last, rows) : growingSteps(span.min, last, rows);
  const counts = edges.slice(1).map(() => 0);
  let beyond = 0;
  for (const bucket of buckets) {
    const row = edges.findIndex((edge) => middle(bucket, span) < edge) - 1;
    if (row >= 0) {
      counts[row]! += bucket.count;
    } else {
      beyond += bucket.count;
    }
  }
  const found = counts.map((count, row) => ({ label: rangeLabel(edges[row]!, edges[row + 1]!), count }));
  const top = edges.at(-1)!;
  return beyond > 0 ? [...found, { label: `over ${inUnit(top, top)}`, count: beyond }] : found;
}

export interface Range {
  /** `98–105 ms`: from the first up to, but not including, the second. */
  readonly label: string;
  readonly count: number;
}

/** The least and the greatest of the values. */
export interface Span {
  readonly min: Milliseconds;
  readonly max: Milliseconds;
}

/** Up to where 95 % of the values lie, where the rest goes more than twice as far; else the maximum. */
function endOfBulk(buckets: readonly Bucket[], span: Span): Milliseconds {
  const rank = 0.95 * buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  let below = 0;
  const bucket = buckets.find(({ count }) => (below += count) >= rank);
  const end = bucket === undefined ? span.max : middle(bucket, span);
  return end * 2 < span.max ? end : span.max;
}

/** Multiples of the smallest round step that needs no more than `limit` ranges to hold both ends. */
function equalSteps(min: Milliseconds, max: Milliseconds, limit: number): Milliseconds[] {
  // Steps near the width of a bucket would show the buckets' raster, not the distribution.
  let n = roundBelow(max / 64) + 1;
  while (Math.floor(max / round(n)) - Math.floor(min / round(n)) >= limit) {
    n += 1;
  }
  const step = round(n);
  const first = Math.floor(min / step);
  const steps = Math.floor(max / step) - first + 1;
  return Array.from({ length: steps + 1 }, (_, i) => (first + i) * step);
}

/** Round numbers in their order, all, every third (powers of ten) or every sixth of them. */
function growingSteps(min: Milliseconds, max: Milliseconds, limit: number): Milliseconds[] {
  const ends = [1, 3, 6].map((stride) => ({
    stride,
    first: Math.floor(roundBelow(min) / stride) * stride,
    last: (Math.floor(roundBelow(max) / stride) + 1) * stride,
  }));
  const { stride, first, last } =
    ends.find(({ stride, first, last }) => (last - first) / stride <= limit) ?? ends[2]!;
  const edges = Array.from({ length: (last - first) / stride + 1 }, (_, i) => round(first + i * stride));
  return min < edges[0]! ? [0, ...edges.slice(1)] : edges;
}

/** The n-th of the series 1, 2, 5, 10, 20, 50…; negative ones go on downwards. */
function round(n: number): number {
  const decade = Math.floor(n / 3);
  return [1, 2, 5][n - 3 * decade]! * 10 ** decade;
}

/** The index of the greatest round number that is not above `value`; 0.001 at the least. */
function roundBelow(value: number): number {
  let n = -9;
  while (round(n + 1) <= value) {
    n += 1;
  }
  return n;
}

function middle(bucket: Bucket, span: Span): Milliseconds {
  return Math.min(Math.max((bucket.fromMs + bucket.toMs) / 2, span.min), span.max);
}

function rangeLabel(from: Milliseconds, to: Milliseconds): string {
  return `${amount(from, to)}–${inUnit(to, to)}`;
}

function inUnit(ms: Milliseconds, greatest: Milliseconds): string {
  return `${amount(ms, greatest)} ${greatest > 1000 ? 's' : 'ms'}`;
}

/** In the unit that fits `greatest`, without the noise of binary fractions. */
function amount(ms: Milliseconds, greatest: Milliseconds): string {
  return formatCount(Number((greatest > 1000 ? ms / 1000 : ms).toPrecision(6)));
}
