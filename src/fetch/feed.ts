import type { Task } from '../model/task.ts';

/** What the reader of the source is told and asks. */
export interface FeedListener {
  readonly onBatch: (batch: readonly Task[]) => void;
  /** How many tasks may come now; 0: enough is read ahead, and reading waits for `resume`. */
  readonly room: () => number;
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

  /** Enough has been read: the source waits until some of it has started. */
  get isWaiting(): boolean {
    return this.#wake !== undefined;
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
        await this.#handOver(step.value, listener);
      }
    } finally {
      this.#isReading = false;
      this.#hasEnded = true;
      listener.onEnd();
    }
  }

  /** Hands a batch on, in parts when there is no room for all of it, and waits until there is room for more. */
  async #handOver(batch: readonly Task[], { onBatch, room }: FeedListener): Promise<void> {
    let at = 0;
    do {
      const most = Math.max(1, room());
      onBatch(at === 0 && batch.length <= most ? batch : batch.slice(at, at + most));
      at += most;
      if (!this.#isStopped && room() === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } while (at < batch.length && !this.#isStopped);
  }

  /** Called whenever a task has started: goes on reading when there is room again. */
  resume(): void {
    if (this.#wake !== undefined && this.#listener!.room() > 0) {
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
