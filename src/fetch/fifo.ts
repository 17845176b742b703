/**
 * A first-in, first-out queue over one array: `shift` moves a head index and the spent part is cut
 * off when it is the larger half, so that both ends cost O(1) amortised.
 */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) {
      return undefined;
    }
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes the first item that matches out of its place: O(n). */
  take(matches: (item: T) => boolean): T | undefined {
    const at = this.#items.findIndex((item) => item !== undefined && matches(item));
    return at === -1 ? undefined : this.#items.splice(at, 1)[0];
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.#head > 0) {
      this.#items[--this.#head] = item;
    } else {
      this.#items.unshift(item);
    }
  }
}
