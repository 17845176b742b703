import { terminalJson } from '../../model/terminal-line.ts';
import type { Entry } from './entry.ts';

/** An entry as a line for a person: `12:00:00.123 debug lane 3: …`. Stacks have more lines. */
export function textLine({ at, level, text }: Entry): string {
  const time = new Date(performance.timeOrigin + at);
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${hours}:${minutes}:${seconds}.${milliseconds} ${level} ${text}`;
}

/** The same as a line of JSON: `time`, `level` and `event` first, times in milliseconds with three decimals. */
export function jsonLine({ at, level, event, text, fields }: Entry): string {
  const time = new Date(performance.timeOrigin + at).toISOString();
  const line = JSON.stringify({ time, level, event, ...fields, message: text }, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
  );
  return terminalJson(line);
}
