/** Knows whether the elements that are open include one of those that count. */
export class OpenElements {
  #depth = 0;
  /** Depth of the outermost one that counts; 0: there is none. */
  #outermost = 0;

  /** True inside an element that counts, from its `open` to its `close`. */
  get isInside(): boolean {
    return this.#outermost > 0;
  }

  open(counts: boolean): void {
    this.#depth++;
    if (counts && this.#outermost === 0) {
      this.#outermost = this.#depth;
    }
  }

  close(): void {
    if (this.#depth === this.#outermost) {
      this.#outermost = 0;
    }
    this.#depth--;
  }
}
