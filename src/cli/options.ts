import fs from 'node:fs';
import { messageOf, UsageError } from '../model/errors.ts';
import type { FetchOptions } from '../model/options/options.ts';
import type { RunOptions } from '../model/options/run-options.ts';
import { expandSecrets, secretOptions } from '../model/options/secrets.ts';
import { longName } from './flags/flag.ts';
import { fetchFlags, runFlags, type Flag } from './flags/index.ts';
import { redactor } from './redactor.ts';

/** What commander makes of the flags of a fetch (texts, lists and switches), and what a configuration adds. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** The options of a fetch out of the flags of a command; all judging is the schema's. */
export function fetchOptions(values: FlagValues): FetchOptions {
  return optionsOf(values, fetchFlags);
}

/** The options of a run out of the flags of the main command. */
export function runOptions(values: FlagValues): RunOptions {
  return optionsOf(values, runFlags);
}

/** Names differ where the flag follows curl (`--request`); `${NAME}`, and `@FILE` of a body or query, are read here. */
function optionsOf(values: FlagValues, flags: Readonly<Record<string, Flag>>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const value = values[attributeName(flag)];
    if (secretOptions.has(key) && value !== undefined) {
      options[key] = expanded(key, flag, value, values['url'] !== undefined);
    } else if (value !== undefined) {
      options[key] = key === 'query' ? queryText(value) : value;
    }
  }
  return options;
}

/** What is in a file stays as it is, and a secret that begins with `@` names none. */
function expanded(key: string, flag: Flag, value: unknown, hasTemplates: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => expanded(key, flag, item, hasTemplates));
  }
  if (typeof value !== 'string') {
    return value;
  }
  const name = `--${longName(flag)}`;
  const isBody = key === 'data' || key === 'json';
  const isFile = isBody && value.startsWith('@');
  const text = expandSecrets(value, {
    flag: name,
    environment: process.env,
    isJson: key === 'json' && !isFile,
    isTemplate: hasTemplates && !isFile && (isBody || key === 'header'),
    onSecret: (secret) => redactor.learn(secret),
  });
  return isFile ? readText(text.slice(1), name) : text;
}

/** The name under which commander keeps a flag: `--max-body <size>` is `maxBody`, and `--no-reuse` `reuse`. */
export function attributeName(flag: Flag): string {
  return longName(flag)
    .replace(/^no-/, '')
    .replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `--query @FILE` is what is in that file. */
function queryText(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('@') ? readText(value.slice(1), '--query') : value;
}

function readText(path: string, flag: string): string {
  try {
    return fs.readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${path}: ${messageOf(error)}`);
  }
}
