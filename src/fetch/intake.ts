import { endsTask } from '../model/ends-task.ts';
import type { FetchRecord } from '../model/record.ts';
import type { Task } from '../model/task.ts';
import { Feed } from './feed.ts';
import { HeldBodies } from './held-bodies.ts';

/** Who takes the tasks, and says how many are wanted. */
export interface IntakeListener {
  /** Takes in tasks; what can start, may. */
  readonly onBatch: (batch: readonly Task[]) => void;
  /** Tasks worth having beyond those in flight. */
  readonly readAhead: () => number;
  readonly inFlight: () => number;
  /** The order of the output wants no further task to be read. */
  readonly isSpanned: () => boolean;
  /** Nothing comes any more. */
  readonly onEnd: () => void;
}

/** The tasks that have been read and have no record yet: their number is what bounds the reading. */
export class Intake {
  readonly #listener: IntakeListener;
  readonly #feed = new Feed();
  readonly #bodies = new HeldBodies();
  #read = 0;
  #finished = 0;
  #whole = 0;

  constructor(listener: IntakeListener) {
    this.#listener = listener;
  }

  /** Resolves when the source has ended or reading was stopped. Throws what the source throws. */
  read(source: AsyncIterable<readonly Task[]>): Promise<void> {
    return this.#feed.read(source, {
      onBatch: (batch) => this.#take(batch),
      room: () => this.#room,
      onEnd: this.#listener.onEnd,
    });
  }

  /** Tasks read. */
  get total(): number {
    return this.#read;
  }

  /** Tasks that have ended. */
  get finished(): number {
    return this.#finished;
  }

  /** Those of them that have no further pages. */
  get whole(): number {
    return this.#whole;
  }

  /** Tasks that have neither ended nor are in flight; one less for each lane that is about to be free. */
  get waiting(): number {
    return this.#read - this.#finished - this.#listener.inFlight();
  }

  /** The source has nothing more. */
  get hasEnded(): boolean {
    return this.#feed.hasEnded;
  }

  /** The source waits until some of what it gave has started. */
  get isHeld(): boolean {
    return this.#feed.isWaiting;
  }

  /** All that was read has ended. */
  get isSettled(): boolean {
    return this.#finished === this.#read;
  }

  /** A task has ended, with that record. */
  settle(record: FetchRecord): void {
    this.#finished++;
    this.#whole += endsTask(record) ? 1 : 0;
    this.#bodies.release(record.index);
  }

  /** Called whenever a task has started: goes on reading when there is room again. */
  resume(): void {
    this.#feed.resume();
  }

  /** Reads nothing further. */
  stop(): void {
    this.#feed.stop();
  }

  /** Stops, and lets the source close what it has open. */
  close(): Promise<void> {
    return this.#feed.close();
  }

  #take(batch: readonly Task[]): void {
    this.#read += batch.length;
    for (const task of batch) {
      this.#bodies.hold(task);
    }
    this.#listener.onBatch(batch);
  }

  /**
   * How many tasks may be read now. A small queue is kept to exactly; in a large one a batch more is
   * no matter, and to cut batches would cost a turn of the event loop for every task.
   */
  get #room(): number {
    const wanted = this.#bodies.isMuch ? 1 : this.#listener.readAhead();
    const room = Math.max(0, wanted - this.waiting);
    return room === 0 || this.#listener.isSpanned() ? 0 : wanted < large ? room : Number.POSITIVE_INFINITY;
  }
}

/** Several batches of any source. */
const large = 2_048;
