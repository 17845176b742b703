import fs from 'node:fs';
import { messageOf, UsageError } from '../model/errors.ts';
import type { FetchOptions } from '../model/options.ts';
import type { RunOptions } from '../model/run-options.ts';
import { longName } from './flags/flag.ts';
import { fetchFlags, runFlags, type Flag } from './flags/index.ts';

/** What commander makes of the flags of a fetch: texts, lists and switches. */
export type FlagValues = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** The options of a fetch out of the flags of a command; all judging is the schema's. */
export function fetchOptions(values: FlagValues): FetchOptions {
  return optionsOf(values, fetchFlags);
}

/** The options of a run out of the flags of the main command. */
export function runOptions(values: FlagValues): RunOptions {
  return optionsOf(values, runFlags);
}

/** Names differ where the flag follows curl (`--request`); `@FILE` in a body is read here. */
function optionsOf(values: FlagValues, flags: Readonly<Record<string, Flag>>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const value = values[attributeName(flag)];
    if (value !== undefined) {
      options[key] = key === 'data' || key === 'json' ? fromFile(String(value), `--${key}`) : value;
    }
  }
  return options;
}

/** The name under which commander keeps a flag: `--max-body <size>` is `maxBody`. */
export function attributeName(flag: Flag): string {
  return longName(flag).replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function fromFile(value: string, flag: string): string {
  if (!value.startsWith('@')) {
    return value;
  }
  const path = value.slice(1);
  try {
    return fs.readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${path}: ${messageOf(error)}`);
  }
}
