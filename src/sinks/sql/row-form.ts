import type { Cell, Table } from '../../databases/database.ts';
import type { FetchRecord } from '../../model/record.ts';

/** The values of a row, in the order of the columns of its table. */
export type Row = readonly Cell[];

/** How records stand in a table. */
export interface RowForm {
  readonly table: Table;
  /** The row of a record; undefined: this table has none for it. */
  rowOf(record: FetchRecord): Row | undefined;
  /** The same row without what some databases refuse in JSON; undefined: there is nothing of that in it. */
  safer(record: FetchRecord, row: Row): Row | undefined;
  /** What to write in turn when the row is refused nevertheless. */
  spares(record: FetchRecord, row: Row): Row[];
}
