import type { Command } from 'commander';
import { UsageError } from '../../model/errors.ts';
import { longName, type Flag } from '../flags/flag.ts';
import { runFlags } from '../flags/index.ts';
import { message } from '../message.ts';
import { attributeName, type FlagValues } from '../options.ts';
import { readEnvironment } from './environment.ts';
import { readConfigFile } from './file.ts';
import type { ConfigFile } from './location.ts';
import type { Settings } from './settings.ts';

/** By option; as a record, because that is how settings are looked up. */
const flags: Readonly<Record<string, Flag>> = runFlags;

/**
 * What the environment and, below it, the configuration file set, but for what the command has no
 * flag for and what a flag on the command line has set already. Throws a `UsageError` that names the
 * place.
 */
export function readSettings(file: ConfigFile | undefined, command: Command): Settings {
  const hint = (line: string) => process.stderr.write(`bulkfetch: ${message(line)}\n`);
  const settings = [
    ...(file === undefined ? [] : readConfigFile(file, flags)),
    ...readEnvironment(process.env, flags, hint),
  ];
  const taken = new Set(command.options.map((option) => option.attributeName()));
  return new Map(
    settings.filter(([key]) => {
      const name = attributeOf(key);
      return taken.has(name) && command.getOptionValueSource(name) !== 'cli';
    }),
  );
}

/** The values of the flags with the settings, as if they had been flags too. */
export function withSettings<Values extends FlagValues>(values: Values, settings: Settings): Values {
  return {
    ...values,
    ...Object.fromEntries([...settings].map(([key, { value }]) => [attributeOf(key), value])),
  };
}

/**
 * Runs it. Messages about an option begin with its flag (`--rate: must be …`); where a setting is
 * meant, they are made to name its place instead of a flag that nobody gave.
 */
export async function blaming<Result>(settings: Settings, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof UsageError
      ? new UsageError(blamed(error.message, settings), { cause: error })
      : error;
  }
}

function blamed(message: string, settings: Settings): string {
  const settingOf = new Map(
    [...settings].flatMap(([key, setting]) => namesOf(key).map((name) => [name, setting] as const)),
  );
  return message
    .replaceAll(/^(--[a-z0-9-]+)(?=:)/gm, (flag: string) => settingOf.get(flag)?.name ?? flag)
    .replaceAll(/(?<![\w-])--[a-z0-9-]+/g, (flag) => settingOf.get(flag)?.from ?? flag);
}

/** What messages call an option: curl's name, or its own (`--request`, `--method`). */
function namesOf(key: string): string[] {
  const own = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const flag = flags[key];
  return [`--${own}`, ...(flag === undefined ? [] : [`--${longName(flag)}`])];
}

function attributeOf(key: string): string {
  const flag = flags[key];
  return flag === undefined ? key : attributeName(flag);
}
