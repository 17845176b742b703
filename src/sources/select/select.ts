import type { Shard } from '../../model/options/forms.ts';
import type { Task } from '../../model/task.ts';
import { FingerprintSet } from './fingerprint-set.ts';
import { identityOf, requestFingerprint } from './fingerprint.ts';
import type { CountableSource } from '../part.ts';

/** Which tasks of a source are fetched. The order is that of the stages. */
export interface Selection {
  /** Pass over so many. */
  readonly skip: number;
  /** Of what is left, one part of several. */
  readonly shard: Shard | undefined;
  /** Of what is left, each request once. */
  readonly dedupe: boolean;
  /** Of what is left, so many. */
  readonly limit: number | undefined;
}

/** Opens the source from which to select, which tells of each invalid task before the batch with it. */
type Open = (onInvalid: (message: string) => void) => CountableSource;

/**
 * The selected tasks of a source, with the indexes that they have in it. Of input that cannot be
 * understood only what is selected is told. Once the limit is reached the source is closed.
 */
export function select(
  open: Open,
  selection: Selection,
  onInvalid: (message: string) => void,
): CountableSource {
  const told: string[] = [];
  const source = open((message) => told.push(message));
  const selector = new Selector(selection);
  const { size } = source;
  const count = source.count?.bind(source);
  return {
    name: source.name,
    ...(size !== undefined && isCountable(selection) && { size: selectedOf(size, selection) }),
    ...(count !== undefined &&
      isCountable(selection) && { count: async () => selectedOf(await count(), selection) }),
    leftOut: () => ({ tasks: selector.leftOut, duplicates: selector.duplicates }),
    [Symbol.asyncIterator]: () =>
      selectedBatches(source, selector, (task) => {
        const message = task.invalid === undefined ? undefined : told.shift();
        const isTaken = selector.takes(task);
        if (isTaken && message !== undefined) {
          onInvalid(message);
        }
        return isTaken;
      }),
  };
}

/** Not a generator, whose `return` would wait for a pending `next`, and so for input that may never come. */
function selectedBatches(
  source: CountableSource,
  selector: Selector,
  takes: (task: Task) => boolean,
): AsyncIterator<readonly Task[], void, undefined> {
  const batches = source[Symbol.asyncIterator]();
  return {
    async next() {
      while (!selector.isDone) {
        const step = await batches.next();
        if (step.done === true) {
          return { done: true, value: undefined };
        }
        const batch = step.value.filter(takes);
        if (selector.isDone) {
          await batches.return?.();
        }
        if (batch.length > 0) {
          return { done: false, value: batch };
        }
      }
      return { done: true, value: undefined };
    },
    async return() {
      await batches.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Decides about one task after the other. */
class Selector {
  leftOut = 0;
  duplicates = 0;
  readonly #shard: Shard | undefined;
  readonly #seen: FingerprintSet | undefined;
  #toSkip: number;
  #left: number;

  constructor({ skip, shard, dedupe, limit }: Selection) {
    this.#toSkip = skip;
    this.#shard = shard;
    this.#seen = dedupe ? new FingerprintSet() : undefined;
    this.#left = limit ?? Number.POSITIVE_INFINITY;
  }

  /** The limit is reached. */
  get isDone(): boolean {
    return this.#left === 0;
  }

  takes(task: Task): boolean {
    const isTaken = !this.isDone && this.#isPastSkipped() && this.#isInShard(task) && this.#isNew(task);
    this.#left -= isTaken ? 1 : 0;
    this.leftOut += isTaken ? 0 : 1;
    return isTaken;
  }

  #isPastSkipped(): boolean {
    if (this.#toSkip === 0) {
      return true;
    }
    this.#toSkip--;
    return false;
  }

  #isInShard(task: Task): boolean {
    return this.#shard === undefined || shardOf(task, this.#shard.of) === this.#shard.part;
  }

  /** An invalid task is no request that could have been made before. */
  #isNew(task: Task): boolean {
    if (this.#seen === undefined || task.invalid !== undefined || this.#seen.add(requestFingerprint(task))) {
      return true;
    }
    this.duplicates++;
    return false;
  }
}

/** The part of `of` to which a task belongs, from 1: the first six bytes of its identity as a number, modulo `of`. */
function shardOf(task: Task, of: number): number {
  return (identityOf(task).readUIntBE(0, 6) % of) + 1;
}

/** Which tasks are in a shard, or are duplicates, is not known before they are read. */
function isCountable({ shard, dedupe }: Selection): boolean {
  return shard === undefined && !dedupe;
}

function selectedOf(size: number, { skip, limit }: Selection): number {
  return Math.min(Math.max(size - skip, 0), limit ?? Number.POSITIVE_INFINITY);
}
