/** A name as it stands in SQL, whatever is in it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table as it stands in SQL: `results`, `reports.results` with its schema, `"my.results"`. */
export function sqlTable(text: string): string {
  const parts = qualified.exec(text)?.slice(1) ?? [text];
  return parts
    .filter((part: string | undefined) => part !== undefined)
    .map((part) => (isQuoted.test(part) ? part : sqlName(part)))
    .join('.');
}

const isQuoted = /^"(?:[^"]|"")+"$/;
const part = String.raw`"(?:[^"]|"")+"|[^".]+`;
const qualified = new RegExp(String.raw`^(?:(${part})\.)?(${part})$`);
