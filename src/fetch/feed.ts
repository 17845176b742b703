import type { Task } from '../model/task.ts';

/** What the reader of the source is told and asks. */
export interface FeedListener {
  readonly onBatch: (batch: readonly Task[]) => void;
  /** Enough is read ahead: reading waits for `resume`. */
  readonly isFull: () => boolean;
  readonly onEnd: () => void;
}

/** Reads a source batch by batch, no further ahead than the engine wants. Used once. */
export class Feed {
  #iterator: AsyncIterator<readonly Task[]> | undefined;
  #listener: FeedListener | undefined;
  #wake: (() => void) | undefined;
  #isReading = false;
  #isStopped = false;
  #hasEnded = false;

  /** Nothing comes any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when the source has ended or reading was stopped. Throws what the source throws. */
  async read(source: AsyncIterable<readonly Task[]>, listener: FeedListener): Promise<void> {
    this.#listener = listener;
    const iterator = (this.#iterator = source[Symbol.asyncIterator]());
    try {
      while (!this.#isStopped) {
        this.#isReading = true;
        const step = await iterator.next();
        this.#isReading = false;
        if (step.done === true) {
          break;
        }
        listener.onBatch(step.value);
        if (!this.#isStopped && listener.isFull()) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#isReading = false;
      this.#hasEnded = true;
      listener.onEnd();
    }
  }

  /** Called whenever a task has started: goes on reading when there is room again. */
  resume(): void {
    if (this.#wake !== undefined && !this.#listener!.isFull()) {
      this.#wake();
      this.#wake = undefined;
    }
  }

  /** Reads nothing further. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Stops, and lets the source close what it has open. */
  async close(): Promise<void> {
    this.stop();
    const returned = this.#iterator?.return?.();
    if (!this.#isReading) {
      await returned; // else it waits for input that may never come, such as a terminal's
    }
  }
}
