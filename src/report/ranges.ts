import type { Milliseconds } from '../model/units.ts';
import { formatCount } from './format.ts';
import type { Bucket } from './histogram.ts';

/**
 * Buckets put together into at most `limit` ranges between round numbers, so that the shape of the
 * distribution shows at a glance: equal steps, or 1-2-5 and coarser where the times span more than
 * one order of magnitude. A few that are far off the rest share the first or last range instead of
 * squeezing the others together. A bucket counts where its middle lies; there must be one.
 */
export function ranges(buckets: readonly Bucket[], span: Span, limit: number): Range[] {
  const bulk = bulkOf(buckets, span);
  const rows = limit - (bulk.min > span.min ? 1 : 0) - (bulk.max < span.max ? 1 : 0);
  const edges = bulk.max <= bulk.min * 8 ? equalSteps(bulk, rows) : growingSteps(bulk, rows);
  const bounds = [-Infinity, ...edges, Infinity];
  const counts = bounds.slice(1).map(() => 0);
  for (const bucket of buckets) {
    const row = bounds.findIndex((bound) => middle(bucket, span) < bound) - 1;
    counts[row]! += bucket.count;
  }
  const found = counts.map((count, row) => ({ label: rangeLabel(bounds[row]!, bounds[row + 1]!), count }));
  const isOuter = (row: number) => row === 0 || row === edges.length;
  return found.filter(({ count }, row) => count > 0 || !isOuter(row));
}

/** A row of the chart. */
export interface Range {
  /** `98–105 ms`: from the first up to, but not including, the second; `under 98 ms`, `over 105 ms`. */
  readonly label: string;
  readonly count: number;
}

/** The least and the greatest of the values. */
export interface Span {
  readonly min: Milliseconds;
  readonly max: Milliseconds;
}

/** Without the outer 5 % on each side where these go more than twice as far. */
function bulkOf(buckets: readonly Bucket[], span: Span): Span {
  const [low, high] = [quantile(buckets, span, 0.05), quantile(buckets, span, 0.95)];
  return {
    min: span.min * 2 < low ? low : span.min,
    max: high * 2 < span.max ? high : span.max,
  };
}

function quantile(buckets: readonly Bucket[], span: Span, q: number): Milliseconds {
  const rank = q * buckets.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  const bucket = buckets.find(({ count }) => (below += count) >= rank);
  return bucket === undefined ? span.max : middle(bucket, span);
}

/** Multiples of the smallest round step that needs no more than `limit` ranges to hold both ends. */
function equalSteps({ min, max }: Span, limit: number): Milliseconds[] {
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
function growingSteps({ min, max }: Span, limit: number): Milliseconds[] {
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
  if (from === -Infinity) {
    return `under ${inUnit(to)}`;
  }
  return to === Infinity ? `over ${inUnit(from)}` : `${amount(from, to)}–${inUnit(to)}`;
}

function inUnit(ms: Milliseconds): string {
  return `${amount(ms, ms)} ${ms > 1000 ? 's' : 'ms'}`;
}

/** In the unit that fits `greatest`, without the noise of binary fractions. */
function amount(ms: Milliseconds, greatest: Milliseconds): string {
  return formatCount(Number((greatest > 1000 ? ms / 1000 : ms).toPrecision(6)));
}
