import type { Fingerprint } from './fingerprint.ts';

/**
 * A set of fingerprints in 11 to 22 bytes each, where a `Set` needs over 40 and ends at 2^24: a hash
 * table with open addressing and linear probing (Knuth, The Art of Computer Programming, vol. 3, 6.4).
 * With 64 bits, two of ten million that differ look equal once in 370,000 runs.
 */
export class FingerprintSet {
  /** Two words a slot; both 0: it is free. */
  #words = new Uint32Array(2 * 1024);
  #size = 0;

  /** True when it was not there yet. */
  add(fingerprint: Fingerprint): boolean {
    const high = fingerprint.readUInt32BE(0);
    const low = fingerprint.readUInt32BE(4) || 1;
    const slot = this.#find(high, low);
    if (this.#words[slot + 1] !== 0) {
      return false;
    }
    this.#words[slot] = high;
    this.#words[slot + 1] = low;
    if (++this.#size > 0.375 * this.#words.length) {
      this.#grow();
    }
    return true;
  }

  /** Where it is, or the free slot where it would be. `low` is never 0. */
  #find(high: number, low: number): number {
    const words = this.#words;
    const last = words.length - 1;
    let slot = (high * 2) & last;
    while (words[slot + 1] !== 0 && (words[slot] !== high || words[slot + 1] !== low)) {
      slot = (slot + 2) & last;
    }
    return slot;
  }

  #grow(): void {
    const old = this.#words;
    this.#words = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0) {
        const slot = this.#find(old[at]!, old[at + 1]!);
        this.#words[slot] = old[at]!;
        this.#words[slot + 1] = old[at + 1]!;
      }
    }
  }
}
