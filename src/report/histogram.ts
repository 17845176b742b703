import type { Milliseconds } from '../model/units.ts';

/**
 * How often each length of time occurred: mergeable, of fixed size, quantiles within 0.5 % (never
 * finer than 1 us), from 1 us to 4 years. Log-linear as HdrHistogram (Gil Tene,
 * https://hdrhistogram.github.io/HdrHistogram/): each power of two is cut into the same number of
 * equal slots, so that recording is a shift and an addition, and merging an addition per slot.
 */
export class Histogram {
  readonly #counts = new Float64Array(slots);
  #count = 0;
  #sumUs = 0;
  #min = Infinity;
  #max = 0;

  /** Counts one value. Negative ones, which a clock that jumps could give, count as 0. */
  record(ms: Milliseconds): void {
    const value = ms > 0 ? ms : 0;
    const us = Math.min(Math.round(value * 1000), highestUs);
    this.#counts[slotOf(us)]! += 1;
    this.#count += 1;
    this.#sumUs += us; // whole numbers, so that the sum does not depend on the order
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /** Counts all that `other` counted. */
  merge(other: Histogram): void {
    for (const [slot, count] of other.#counts.entries()) {
      this.#counts[slot]! += count;
    }
    this.#count += other.#count;
    this.#sumUs += other.#sumUs;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /**
   * The smallest value that at least the fraction `q` (0 to 1) of all values do not exceed, to the
   * middle of its slot; the ends are exact. 0 when nothing was recorded.
   */
  quantile(q: number): Milliseconds {
    const rank = Math.max(1, Math.ceil(q * this.#count));
    if (rank >= this.#count) {
      return this.#max;
    }
    let below = 0;
    const slot = this.#counts.findIndex((count) => (below += count) >= rank);
    const middle = (lowestUs(slot) + lowestUs(slot + 1) - 1) / 2000;
    return rank === 1 ? this.#min : Math.min(Math.max(middle, this.#min), this.#max);
  }

  get count(): number {
    return this.#count;
  }

  /** To the microsecond, and exact under `merge`. */
  get sum(): Milliseconds {
    return this.#sumUs / 1000;
  }

  /** Exact; 0 when nothing was recorded. */
  get min(): Milliseconds {
    return this.#count === 0 ? 0 : this.#min;
  }

  /** Exact; 0 when nothing was recorded. */
  get max(): Milliseconds {
    return this.#max;
  }

  /** The slots that hold something, in order. */
  toJSON(): Bucket[] {
    const buckets: Bucket[] = [];
    for (let slot = 0; slot < this.#counts.length; slot++) {
      const count = this.#counts[slot]!;
      if (count > 0) {
        buckets.push({ fromMs: lowestUs(slot) / 1000, toMs: lowestUs(slot + 1) / 1000, count });
      }
    }
    return buckets;
  }
}

/** How many values lie in `fromMs <= value < toMs`. */
export interface Bucket {
  readonly fromMs: Milliseconds;
  readonly toMs: Milliseconds;
  readonly count: number;
}

/** Slots in each power of two: a slot is at most 1/128 as wide as its values, its middle 1/256 off. */
const perOctave = 128;
const highestUs = 2 ** 47 - 1;
const slots = slotOf(highestUs) + 1;

/** The slot of a whole number of microseconds; below 256 each has its own. */
function slotOf(us: number): number {
  if (us >= 2 ** 31) {
    return slotOf(Math.floor(us / 2 ** 16)) + 16 * perOctave; // bitwise operators take 32 bits
  }
  const shift = Math.max(0, 24 - Math.clz32(us));
  return shift * perOctave + (us >>> shift);
}

/** The least number of microseconds that falls into a slot. */
function lowestUs(slot: number): number {
  const shift = Math.max(0, Math.floor(slot / perOctave) - 1);
  return (slot - shift * perOctave) * 2 ** shift;
}
