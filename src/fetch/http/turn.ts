/** Does things together after this turn of the event loop: one `setImmediate` for all of them. */
export class Turn<T> {
  readonly #act: (item: T) => void;
  #items: T[] = [];

  constructor(act: (item: T) => void) {
    this.#act = act;
  }

  /** `act` is called with the item when the turn is over. */
  add(item: T): void {
    if (this.#items.push(item) === 1) {
      setImmediate(runTurn, this);
    }
  }

  run(): void {
    const items = this.#items;
    this.#items = [];
    for (const item of items) {
      this.#act(item);
    }
  }
}

function runTurn<T>(turn: Turn<T>): void {
  turn.run();
}
