/** A name as it stands in a statement, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The name of a table in a statement: `results`, `reports.results` with its schema. Capitals count; a part
 * with a dot in it stands in double quotes.
 */
export function quotedTable(name: string): string {
  const parts = form.test(name) ? name.match(part) : null;
  return parts?.map((one) => (one.startsWith('"') ? one : quoted(one))).join('.') ?? quoted(name);
}

const part = /"(?:[^"]|"")+"|[^."]+/g;
const form = /^(?:"(?:[^"]|"")+"|[^."]+)(?:\.(?:"(?:[^"]|"")+"|[^."]+))*$/;
