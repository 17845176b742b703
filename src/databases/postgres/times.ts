const form =
  /^(?<date>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d)(?<fraction>\.\d+)?(?:(?<sign>[+-])(?<hours>\d\d)(?::(?<minutes>\d\d))?(?::(?<seconds>\d\d))?)?$/;

/**
 * A time as ISO 8601, out of what the server writes: `2026-01-02 03:04:05.123456+05:30` is
 * `2026-01-01T21:34:05.123456Z`, with every digit. One without a zone gets none. What ISO 8601 has no form
 * for stays as it is: infinity, years before 1 and after 9999.
 */
export function toIsoTime(text: string): string {
  const parts = form.exec(text)?.groups;
  if (parts === undefined) {
    return text;
  }
  const { date, time, fraction = '', sign, hours, minutes = 0, seconds = 0 } = parts;
  if (sign === undefined) {
    return `${date}T${time}${fraction}`;
  }
  const offsetMs = 1000 * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
  const utc = new Date(Date.parse(`${date}T${time}Z`) - (sign === '+' ? offsetMs : -offsetMs)).toISOString();
  return utc.length === 24 ? `${utc.slice(0, 19)}${fraction}Z` : text; // others have a year of six digits
}
