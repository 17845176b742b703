import { fnv1a } from '../../model/fnv1a.ts';

/**
 * Which indexes there are records of, and whether a URL is that of the record: two bytes for each
 * index, in pages, so that a list may begin anywhere. One in 65,534 other URLs passes for that of the record.
 */
export class UrlTable {
  readonly #pages = new Map<number, Uint16Array>();
  /** The page that was asked for last: indexes come nearly in order. */
  #last: { readonly number: number; readonly sums: Uint16Array } = { number: -1, sums: new Uint16Array() };
  #count = 0;

  /** How many indexes there are. */
  get count(): number {
    return this.#count;
  }

  /** The indexes, some in order. */
  *indexes(): Generator<number, void, undefined> {
    for (const [number, sums] of this.#pages) {
      for (const [at, sum] of sums.entries()) {
        if (sum !== absent) {
          yield number * pageSize + at;
        }
      }
    }
  }

  has(index: number): boolean {
    return this.#at(index) !== absent;
  }

  /** `url` undefined: it is not known. */
  add(index: number, url: string | undefined): void {
    if (this.#at(index) === absent) {
      this.#count++;
    }
    this.#pageFor(index)[index % pageSize] = url === undefined ? unknown : sumOf(url);
  }

  /** False: the record is of another URL. */
  agrees(index: number, url: string): boolean {
    const sum = this.#at(index);
    return sum === absent || sum === unknown || sum === sumOf(url);
  }

  #at(index: number): number {
    const number = Math.floor(index / pageSize);
    const sums = number === this.#last.number ? this.#last.sums : this.#pages.get(number);
    return sums?.[index % pageSize] ?? absent;
  }

  #pageFor(index: number): Uint16Array {
    const number = Math.floor(index / pageSize);
    if (number !== this.#last.number) {
      const sums = this.#pages.get(number) ?? new Uint16Array(pageSize);
      this.#pages.set(number, sums);
      this.#last = { number, sums };
    }
    return this.#last.sums;
  }
}

const pageSize = 65_536;

/** What stands for an index without a record, and for one whose URL is not known. */
const [absent, unknown] = [0, 1] as const;

/** A checksum, from 2. */
function sumOf(url: string): number {
  return 2 + (fnv1a(url) % 65_534);
}
