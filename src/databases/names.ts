/** A name as it stands in a statement, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The parts of a table's name, each in quotes: `results`, `reports.results` with its schema. Capitals count; a
 * part with a dot in it stands in double quotes. What has more than `most` parts is one name with dots.
 */
export function tableParts(text: string, most: number): readonly string[] {
  const parts = form.test(text) ? (text.match(part) ?? []) : [];
  return parts.length === 0 || parts.length > most
    ? [quoted(text)]
    : parts.map((one) => (one.startsWith('"') ? one : quoted(one)));
}

const part = /"(?:[^"]|"")+"|[^."]+/g;
const form = /^(?:"(?:[^"]|"")+"|[^."]+)(?:\.(?:"(?:[^"]|"")+"|[^."]+))*$/;
