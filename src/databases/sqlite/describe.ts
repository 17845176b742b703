import type { DatabaseSync } from 'node:sqlite';
import type { TableDescription } from '../database.ts';
import { tableParts } from '../names.ts';

/** What is known of a table or view; undefined: there is none. Throws what SQLite throws. */
export function describeTable(database: DatabaseSync, name: string): TableDescription | undefined {
  const [table = '', schema] = partsOf(name);
  const ask = (sql: string, subject: string) =>
    database.prepare(sql).all({ $1: subject, $2: schema ?? null }) as unknown as readonly Part[];
  const columns = ask(columnParts, table);
  if (columns.length === 0) {
    return undefined;
  }
  const primary = columns.filter(({ place }) => place > 0).sort((a, b) => a.place - b.place);
  const indexes = ask(uniqueIndexes, table);
  const uniques = indexes.map(({ name }) => ask(indexParts, String(name)));
  return {
    columns: columns.map(toName),
    generated: columns.filter(({ hidden = 0 }) => hidden > 0).map(toName),
    // An expression has no name.
    keys: [primary, ...uniques.filter((parts) => parts.every((part) => part.name !== null))]
      .filter((parts) => parts.length > 0)
      .map((parts) => parts.map(toName)),
  };
}

/** The columns that hold something else than null when they are given nothing. Throws what SQLite throws. */
export function columnsWithDefault(database: DatabaseSync, name: string): ReadonlySet<string> {
  const [table = '', schema = null] = partsOf(name);
  const sql = 'select name from pragma_table_xinfo($1, $2) where dflt_value is not null';
  return new Set(
    database
      .prepare(sql)
      .all({ $1: table, $2: schema })
      .map((row) => String(row['name'])),
  );
}

interface Part {
  readonly name: string | null;
  readonly place: number;
  /** Of a column alone: 2 or 3 for one that is generated, virtual or stored. */
  readonly hidden?: number;
}

/** Without those of virtual tables that stand for no value (1). */
const columnParts = `select name, pk as place, hidden from pragma_table_xinfo($1, $2)
  where hidden <> 1 order by cid`;

/** That of the primary key is told apart: a table may have none, and a key all the same. */
const uniqueIndexes = `select name, seq as place from pragma_index_list($1, $2)
  where "unique" = 1 and partial = 0 and origin <> 'pk' order by seq`;

const indexParts = 'select name, seqno as place from pragma_index_info($1, $2) order by seqno';

function toName({ name }: Part): string {
  return String(name);
}

/** Its name, and that of its schema where there is one. */
function partsOf(name: string): string[] {
  return tableParts(name, 2).map(unquoted).toReversed();
}

function unquoted(part: string): string {
  return part.slice(1, -1).replaceAll('""', '"');
}
