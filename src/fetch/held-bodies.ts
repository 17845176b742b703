import type { Task } from '../model/task.ts';
import type { Bytes } from '../model/units.ts';

/** Counts the bodies that tasks bring with them, from when they are read to their records. */
export class HeldBodies {
  #held: Bytes = 0;
  readonly #byIndex = new Map<number, Bytes>();

  /** So many bytes are held that no more should be read ahead. */
  get isMuch(): boolean {
    return this.#held >= enough;
  }

  /** A task has been read. Bodies that many tasks share are not counted. */
  hold({ index, request }: Task): void {
    if (request.ownsBody === true && request.body !== undefined) {
      this.#held += request.body.byteLength;
      this.#byIndex.set(index, request.body.byteLength);
    }
  }

  /** A task has ended. */
  release(index: number): void {
    const bytes = this.#byIndex.get(index);
    if (bytes !== undefined) {
      this.#held -= bytes;
      this.#byIndex.delete(index);
    }
  }
}

const enough: Bytes = 64 * 1024 * 1024;
