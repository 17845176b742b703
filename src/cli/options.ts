import fs from 'node:fs';
import { messageOf, UsageError } from '../model/errors.ts';
import type { FetchOptions } from '../model/options.ts';
import { fetchFlags, type Flag } from './flags.ts';

/** What commander makes of the flags of a fetch: texts, lists and switches. */
export type FlagValues = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/**
 * The options of a fetch out of the flags of a command. Names differ where the flag follows curl
 * (`--request`), and `@FILE` in a body is read here; all judging is the schema's.
 */
export function fetchOptions(values: FlagValues): FetchOptions {
  const options: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries<Flag>(fetchFlags)) {
    const value = values[attributeName(flag)];
    if (value !== undefined) {
      options[key] = key === 'data' || key === 'json' ? fromFile(String(value), `--${key}`) : value;
    }
  }
  return options;
}

/** The name under which commander keeps a flag: `--max-body <size>` is `maxBody`. */
export function attributeName({ flags }: Flag): string {
  const long = /--([a-z-]+)/.exec(flags)![1]!;
  return long.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
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
