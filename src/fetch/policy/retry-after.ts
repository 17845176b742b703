import type { Milliseconds } from '../../model/units.ts';

/**
 * How long a `Retry-After` field asks to wait, in milliseconds: seconds, or a date in one of the
 * three forms of HTTP (RFC 9110, 10.2.3 and 5.6.7). A date in the past is 0; undefined: no such
 * field, or not one of these forms.
 */
export function parseRetryAfter(
  value: string | undefined,
  nowEpochMs: Milliseconds,
): Milliseconds | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  const at = parseHttpDate(text, nowEpochMs);
  return at === undefined ? undefined : Math.max(0, at - nowEpochMs);
}

const month = '(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const dayName = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDayName = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

const httpDates = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^${dayName}, (?<day>\d\d) ${month} (?<year>\d{4}) ${time} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^${longDayName}, (?<day>\d\d)-${month}-(?<year>\d\d) ${time} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^${dayName} ${month} (?<day>\d\d| \d) ${time} (?<year>\d{4})$`),
];

/** Milliseconds since the epoch; undefined also for a date that no calendar has. */
function parseHttpDate(text: string, nowEpochMs: Milliseconds): number | undefined {
  for (const form of httpDates) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) {
      const { day, month, year = '', hour, minute, second } = groups;
      const fullYear = year.length === 2 ? expandYear(Number(year), nowEpochMs) : year;
      const iso = `${fullYear}-${monthNumber(month)}-${day?.replace(' ', '0')}T${hour}:${minute}`;
      return withSeconds(iso, Number(second));
    }
  }
  return undefined;
}

/** The next year with these digits, or the last one when that is over 50 years away (RFC 9110, 5.6.7). */
function expandYear(twoDigits: number, nowEpochMs: Milliseconds): number {
  const thisYear = new Date(nowEpochMs).getUTCFullYear();
  const ahead = (100 + twoDigits - (thisYear % 100)) % 100;
  return thisYear + (ahead > 50 ? ahead - 100 : ahead);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function monthNumber(name = ''): string {
  return String(months.indexOf(name) + 1).padStart(2, '0');
}

/** Second 60, a leap second, is allowed, but not known to `Date`. */
function withSeconds(isoMinute: string, second: number): number | undefined {
  const date = new Date(`${isoMinute}:00Z`);
  const isReal = second <= 60 && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(isoMinute);
  return isReal ? date.getTime() + second * 1000 : undefined;
}
