import type { Database } from '../../databases/index.ts';
import { RefusedError } from '../../databases/errors.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { Row, RowForm } from './row-form.ts';

/** A record, and its row. */
export interface RecordRow {
  readonly record: FetchRecord;
  readonly row: Row;
}

/**
 * Writes rows into a table, whatever is in them: one that is refused is looked for by halves, and written in
 * another form. What is refused in every form is told, and has no row.
 */
export class Refusals {
  readonly #database: Pick<Database, 'upsert'>;
  readonly #form: RowForm;
  readonly #onLoss: (record: FetchRecord, reason: string) => void;
  /**
   * The database has refused JSON with NUL or lone surrogates. All such rows are changed before they are
   * written from then on, so that a server that answers so every time does not cost a search each time.
   */
  #isWary = false;

  /** `onLoss`: told of each record that has no row in the end. */
  constructor(
    database: Pick<Database, 'upsert'>,
    form: RowForm,
    onLoss: (record: FetchRecord, reason: string) => void,
  ) {
    this.#database = database;
    this.#form = form;
    this.#onLoss = onLoss;
  }

  /** Writes rows with different keys. Throws what is no refusal. */
  async write(rows: readonly RecordRow[]): Promise<void> {
    const known = this.#isWary ? this.#safer(rows) : rows;
    const refusal = await this.#refusalOf(known);
    if (refusal === undefined) {
      return;
    }
    const safer = this.#safer(known);
    if (safer !== known) {
      this.#isWary = true;
      await this.write(safer);
    } else if (known.length === 1) {
      await this.#spare(known[0]!, refusal);
    } else {
      const middle = Math.ceil(known.length / 2);
      await this.write(known.slice(0, middle));
      await this.write(known.slice(middle));
    }
  }

  async #spare({ record, row }: RecordRow, refusal: RefusedError): Promise<void> {
    let last = refusal;
    for (const spare of this.#form.spares(record, row)) {
      const another = await this.#refusalOf([{ record, row: spare }]);
      if (another === undefined) {
        return;
      }
      last = another;
    }
    this.#onLoss(record, last.message);
  }

  /** The same rows when there is nothing to change. */
  #safer(rows: readonly RecordRow[]): readonly RecordRow[] {
    let isChanged = false;
    const safer = rows.map((one) => {
      const row = this.#form.safer(one.record, one.row);
      isChanged ||= row !== undefined;
      return row === undefined ? one : { record: one.record, row };
    });
    return isChanged ? safer : rows;
  }

  async #refusalOf(rows: readonly RecordRow[]): Promise<RefusedError | undefined> {
    try {
      await this.#database.upsert(
        this.#form.table,
        rows.map(({ row }) => row),
      );
      return undefined;
    } catch (error) {
      if (error instanceof RefusedError) {
        return error;
      }
      throw error;
    }
  }
}
