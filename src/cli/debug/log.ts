import { logLevels, type LogFormat, type LogLevel } from '../../model/options/debug-options.ts';
import { message } from '../message.ts';
import { redactor } from '../redactor.ts';
import type { Entry } from './entry.ts';
import { jsonLine, textLine } from './lines.ts';

/** How a log says it, how much, and to whom. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly put: (line: string) => void;
}

/** Takes entries; what is of no interest at its level is passed over. */
export interface Log {
  write(entry: Entry): void;
  /** Whatever the level: it was asked for. Undated where it is for a person. */
  show(entry: Entry): void;
  /** A message that there is without a log too. */
  say(text: string): void;
}

/** A log whose lines hold none of the secrets that this process knows. */
export function createLog({ level, format, put }: LogSettings): Log {
  const most = logLevels.indexOf(level);
  const isJson = format === 'json';
  const line = (entry: Entry) => (isJson ? redactor.redact(jsonLine(entry)) : message(textLine(entry)));
  const show = (entry: Entry) => put(isJson ? line(entry) : message(entry.text));
  return {
    write(entry) {
      if (logLevels.indexOf(entry.level) <= most) {
        put(line(entry));
      }
    },
    show,
    say: (text) => show({ level: 'warn', event: 'message', at: performance.now(), text, fields: {} }),
  };
}
