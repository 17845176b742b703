/** A table by its schema (undefined: where SQLite looks for it) and name, neither quoted. */
export interface TableName {
  readonly schema: string | undefined;
  readonly table: string;
}

/** Reads `results`, `main.results` or, with a dot or a quote in a name, `"my.results"`. */
export function parseTableName(text: string): TableName {
  const [, schema, table] = qualified.exec(text) ?? [];
  return table === undefined
    ? { schema: undefined, table: text }
    : { schema: schema === undefined ? undefined : unquoted(schema), table: unquoted(table) };
}

/** A name as it stands in a statement, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same for a table as the user wrote it. */
export function quotedTable(text: string): string {
  const { schema, table } = parseTableName(text);
  return schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}

const part = String.raw`"(?:[^"]|"")+"|[^".]+`;
const qualified = new RegExp(String.raw`^(?:(${part})\.)?(${part})$`);

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
