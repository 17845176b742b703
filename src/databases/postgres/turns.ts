/** The longest that a way is left aside. */
const mostLeftAside = 256;

/**
 * When to try a fast way again that fails at times: after a failure the next one, two, four … up to 256 turns
 * go another way, until it goes well once.
 */
export class Turns {
  /** Turns that the next failure costs. */
  #cost = 1;
  #leftAside = 0;

  /** Asked once a turn. */
  mayTry(): boolean {
    if (this.#leftAside > 0) {
      this.#leftAside--;
      return false;
    }
    return true;
  }

  wentWell(): void {
    this.#cost = 1;
  }

  failed(): void {
    this.#leftAside = this.#cost;
    this.#cost = Math.min(mostLeftAside, 2 * this.#cost);
  }
}
