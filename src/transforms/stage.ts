import { endsTask } from '../model/ends-task.ts';
import type { RunObserver } from '../model/observer.ts';
import type { FetchRecord } from '../model/record.ts';
import { taskFailed } from '../model/of-task.ts';
import type { TransformFigures } from '../model/transform-figures.ts';
import type { Bytes } from '../model/units.ts';
import { bytesOf } from './pack.ts';
import { Pace } from './pace.ts';
import { Pool, type PoolSettings } from './pool.ts';

/** Bodies in one batch, at most: one that is longer travels alone. */
const mostBytes: Bytes = 1024 * 1024;

/** What the stage is told. */
export interface StageSettings extends PoolSettings {
  /** Batches leave in the order in which they came. */
  readonly isOrdered: boolean;
}

/** A batch on its way through: undefined while workers are at it. */
interface Slot {
  records: readonly FetchRecord[] | undefined;
}

/**
 * The transforms of a run, between the engine and whoever takes the records. Two batches for each worker are
 * under way, one at work and one at hand, and twice as many are held at most, done ones included: with that
 * the engine is not asked for more.
 */
export class TransformStage {
  readonly #pool: Pool;
  readonly #workers: number;
  readonly #isOrdered: boolean;
  readonly #observer: RunObserver | undefined;
  readonly #pace = new Pace();
  /** Records that no batch has been made of. */
  #waiting: readonly FetchRecord[] = [];
  #slots: Slot[] = [];
  #underWay = 0;
  #fault: { readonly error: unknown } | undefined;
  #isClosed = false;
  #next = Promise.withResolvers<void>();
  readonly #counts = { records: 0, dropped: 0, failed: 0 };
  #ended = 0;

  /** Loads the transforms. Throws a `UsageError` for one that does not load. */
  static async open(settings: StageSettings): Promise<TransformStage> {
    return new TransformStage(await Pool.open(settings), settings);
  }

  private constructor(pool: Pool, { workers, isOrdered, observer }: StageSettings) {
    this.#pool = pool;
    this.#workers = workers;
    this.#isOrdered = isOrdered;
    this.#observer = observer;
  }

  /**
   * Batches of records, transformed as they are done, or in their order. What is not ok passes by. `abandon`
   * is called when nobody wants any more. Throws what the batches throw, after what is under way.
   */
  async *over(
    batches: AsyncIterable<readonly FetchRecord[]>,
    abandon: () => void,
  ): AsyncGenerator<readonly FetchRecord[], void> {
    const source = batches[Symbol.asyncIterator]();
    let hasEnded = false;
    let pulling: Promise<void> | undefined;
    const pull = async () => {
      try {
        const { done, value } = await source.next();
        hasEnded = done === true;
        this.#waiting = done === true ? [] : value;
      } catch (error) {
        hasEnded = true;
        this.#fault ??= { error };
      }
      pulling = undefined;
      this.#wake();
    };
    try {
      while (!this.#isClosed) {
        this.#dispatch();
        const ready = this.#take();
        if (ready !== undefined) {
          yield ready;
          continue;
        }
        const isOver = hasEnded || this.#fault !== undefined;
        if (isOver && this.#underWay === 0 && this.#waiting.length === 0) {
          break;
        }
        if (!isOver && this.#hasRoom && this.#waiting.length === 0) {
          pulling ??= pull();
        }
        await this.#next.promise;
      }
      if (this.#fault !== undefined && !this.#isClosed) {
        throw this.#fault.error;
      }
    } finally {
      abandon();
      await source.return?.();
    }
  }

  /** Tasks that have been through: those with further pages that are not fetched are not counted. */
  get ended(): number {
    return this.#ended;
  }

  /** What the transforms have done so far. */
  figures(): TransformFigures {
    const { busyMs, replaced } = this.#pool;
    return { ...this.#counts, workers: this.#workers, busyMs, replaced };
  }

  /** Ends the workers at once. What is under way is given up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#pool.close();
  }

  get #hasRoom(): boolean {
    return this.#underWay < 2 * this.#workers && this.#slots.length < 4 * this.#workers;
  }

  /** Makes batches of what waits, as many as there is room for. */
  #dispatch(): void {
    while (this.#waiting.length > 0 && this.#hasRoom && this.#fault === undefined && !this.#isClosed) {
      const batch = this.#cut();
      const slot: Slot = { records: undefined };
      this.#slots.push(slot);
      if (batch.some(({ ok }) => ok)) {
        void this.#work(batch, slot);
      } else {
        this.#fill(slot, batch, batch);
      }
    }
    if (this.#fault !== undefined) {
      this.#waiting = [];
    }
  }

  /** The next batch: so many records to transform, with those between them that pass by. */
  #cut(): readonly FetchRecord[] {
    const { size } = this.#pace;
    let end = 0;
    let records = 0;
    let bytes = 0;
    while (end < this.#waiting.length && records < size) {
      const record = this.#waiting[end]!;
      bytes += bytesOf(record)?.length ?? 0;
      if (bytes > mostBytes && records > 0) {
        break;
      }
      records += record.ok ? 1 : 0;
      end++;
    }
    const batch = this.#waiting.slice(0, end);
    this.#waiting = this.#waiting.slice(end);
    return batch;
  }

  /** Never rejects: a fault is thrown where the batches are taken. */
  async #work(batch: readonly FetchRecord[], slot: Slot): Promise<void> {
    this.#underWay++;
    try {
      const wanted = batch.filter(({ ok }) => ok);
      const { records, busyMs } = await this.#pool.transform(wanted);
      if (busyMs !== undefined) {
        this.#pace.learn(wanted.length, busyMs);
      }
      this.#count(records);
      const done = records.values();
      const passed = batch.map((record) => (record.ok ? done.next().value! : record));
      this.#fill(slot, batch, passed);
    } catch (error) {
      this.#fault ??= { error };
      this.#slots = this.#slots.filter((one) => one !== slot);
    }
    this.#underWay--;
    this.#dispatch(); // although the taker may be busy: the workers are not
    this.#wake();
  }

  /** The batch of the slot has come out. */
  #fill(slot: Slot, batch: readonly FetchRecord[], passed: readonly FetchRecord[]): void {
    this.#ended += batch.filter(endsTask).length;
    slot.records = passed;
  }

  /** The next batch that is done. */
  #take(): readonly FetchRecord[] | undefined {
    const at = this.#isOrdered ? 0 : this.#slots.findIndex(({ records }) => records !== undefined);
    const records = this.#slots[at]?.records;
    if (records !== undefined) {
      this.#slots.splice(at, 1);
    }
    return records;
  }

  #count(records: readonly FetchRecord[]): void {
    this.#counts.records += records.length;
    for (const record of records) {
      this.#counts.dropped += record.dropped === true ? 1 : 0;
      if (record.error !== undefined) {
        this.#counts.failed++;
        this.#observer?.(taskFailed(record, record.error, performance.now()));
      }
    }
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}
