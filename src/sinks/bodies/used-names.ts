import type { FileName } from './extension.ts';
import { sha256 } from '../../model/crypto.ts';

/**
 * The names that a run has given away. The second file of a name gets `-2` before its extension, and
 * so on. A name takes about 30 bytes of memory, however long it is.
 */
export class UsedNames {
  /** 52 bits of the hash of each: of a million names, two are taken for one in a run of 9,000. */
  readonly #used = new Set<number>();
  /** The last number given, where a name was asked for again. */
  readonly #numbers = new Map<number, number>();
  readonly #isCaseSensitive: boolean;

  /** Where a system takes `A` and `a` for the same file, they are the same name here. */
  constructor(isCaseSensitive: boolean) {
    this.#isCaseSensitive = isCaseSensitive;
  }

  /** The name if it is free, else the next one that is; it is taken from now on. */
  take({ stem, extension }: FileName): string {
    const wanted = this.#keyOf(stem + extension);
    let name = stem + extension;
    let key = wanted;
    while (this.#used.has(key)) {
      const number = (this.#numbers.get(wanted) ?? 1) + 1;
      this.#numbers.set(wanted, number);
      name = `${stem}-${number}${extension}`;
      key = this.#keyOf(name);
    }
    this.#used.add(key);
    return name;
  }

  /** The name is taken, whether or not it was free. */
  add(name: string): void {
    this.#used.add(this.#keyOf(name));
  }

  #keyOf(name: string): number {
    const digits = sha256(this.#isCaseSensitive ? name : name.toLowerCase()).slice(0, 13);
    return Number.parseInt(digits, 16);
  }
}
