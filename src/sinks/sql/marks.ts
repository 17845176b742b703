import type { Cell, Column, Table } from '../../databases/database.ts';
import type { Database } from '../../databases/index.ts';
import { isoTime } from '../../model/line.ts';
import type { SentMark, SentMarks } from '../../model/marks.ts';
import type { FetchRecord } from '../../model/record.ts';
import { MarkBatches } from '../mark-batches.ts';
import { maybeSent } from '../maybe-sent.ts';
import { place, sinkFault, type OpenTable } from './open-table.ts';
import { columnsOfRecords, recordKey, type RecordColumnName } from './record-table.ts';
import { storable } from './storable.ts';

/**
 * Notes in the table of results what is sent now and must not be sent twice: a row that says so, until its
 * record takes its place. Of an answer that is there already nothing else changes: its body stays.
 */
export class TableMarks implements SentMarks {
  readonly #database: Pick<Database, 'name' | 'upsert'>;
  readonly #table: Table;
  /** By what they mark. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #batches = new MarkBatches((marks) => this.#write(marks));

  /** A table of results. */
  constructor({ database, form }: OpenTable) {
    this.#database = database;
    this.#table = { name: form.table.name, columns: markColumns, key: recordKey };
  }

  /** Throws a `SinkError`, or a `DatabaseAwayError`. */
  async add(mark: SentMark): Promise<void> {
    const key = keyOf(mark);
    const made = this.#batches.add(mark);
    this.#underWay.set(key, made);
    try {
      await made;
    } finally {
      if (this.#underWay.get(key) === made) {
        this.#underWay.delete(key);
      }
    }
  }

  /**
   * Resolves when the marks of these records are there; undefined: they are. A task may end while its mark waits
   * for a database that is away, and the mark must not take the place of the record.
   */
  before(records: readonly FetchRecord[]): Promise<void> | undefined {
    if (this.#underWay.size === 0) {
      return undefined;
    }
    const some = records.map(({ id, page = 1 }) => this.#underWay.get(keyOf({ id, page })));
    const marks = some.filter((made) => made !== undefined);
    return marks.length === 0 ? undefined : Promise.allSettled(marks).then(() => undefined);
  }

  /** Called once, when nothing is added any more; what is being written is let end. */
  close(): Promise<void> {
    return this.#batches.ended();
  }

  async #write(marks: readonly SentMark[]): Promise<void> {
    const last = new Map(marks.map((mark) => [keyOf(mark), mark]));
    try {
      await this.#database.upsert(this.#table, [...last.values()].map(rowOf));
    } catch (error) {
      throw sinkFault(error, `write ${place(this.#database, this.#table.name)}`);
    }
  }
}

function keyOf({ id, page }: Pick<SentMark, 'id' | 'page'>): string {
  return `${page} ${id}`;
}

/** The columns that must have a value, and those that say what became of the request. */
const markCells = {
  index: ({ index }) => index,
  id: ({ id }) => storable(id),
  page: ({ page }) => page,
  url: ({ url }) => storable(url),
  ok: () => false,
  attempts: () => 0,
  error_kind: () => maybeSent.kind,
  error_code: () => maybeSent.code,
  error_message: () => maybeSent.message,
  fetched_at: () => isoTime(Date.now()),
} satisfies Partial<Record<RecordColumnName, (mark: SentMark) => Cell>>;

const cells: ReadonlyMap<string, (mark: SentMark) => Cell> = new Map(Object.entries(markCells));
const markColumns: readonly Column[] = columnsOfRecords.filter(({ name }) => cells.has(name));

/** In the order of the columns. */
function rowOf(mark: SentMark): readonly Cell[] {
  return markColumns.map(({ name }) => cells.get(name)?.(mark) ?? null);
}
