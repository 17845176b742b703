import { resolveRunOptions } from '../../model/options/run-options.ts';
import { version } from '../../model/version.ts';
import { alignColumns } from '../../report/format.ts';
import { printable } from '../../report/printable.ts';
import { masked } from '../config/mask.ts';
import type { Settings } from '../config/settings.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { longName, type Flag } from '../flags/flag.ts';
import { runFlags } from '../flags/index.ts';
import { attributeName, runOptions, type FlagValues } from '../options.ts';
import { print } from '../print.ts';

/** The flags of `bulkfetch config` beside those of the main command. */
export type ConfigFlags = FlagValues & { readonly format: string };

/** An option as it is shown: as somebody wrote it, without secrets. */
interface Shown {
  /** Absent when it is not set and has no default. */
  readonly value?: unknown;
  /** `default`, `--rate`, `BULKFETCH_RATE`, `bulkfetch.config.json:3`. */
  readonly from: string;
}

/** `bulkfetch config`: the options that a run with these flags would have, and where each was set. */
export async function configCommand(values: ConfigFlags, settings: Settings): Promise<ExitStatus> {
  const resolved: Readonly<Record<string, unknown>> = resolveRunOptions(runOptions(values));
  const shown = Object.entries<Flag>(runFlags).map(([key, flag]): [string, Shown] => {
    const value = values[attributeName(flag)];
    return [
      key,
      value === undefined
        ? { ...present(defaultOf(flag, resolved[key])), from: 'default' }
        : { value: masked(value, flag), from: settings.get(key)?.from ?? given(flag, value) },
    ];
  });
  await print(values.format === 'json' ? toJson(shown) : toTable(shown));
  return exitStatus.ok;
}

/** The flag as it was given: a switch may be off. */
function given(flag: Flag, value: unknown): string {
  const name = longName(flag).replace(/^no-/, '');
  return value === false ? `--no-${name}` : `--${name}`;
}

/** As it would be written: the schema knows `10s` as 10000, and no entries as an empty map. */
function defaultOf({ fallback, repeats }: Flag, value: unknown): unknown {
  if (repeats === true && !Array.isArray(value)) {
    return [];
  }
  return fallback === undefined || fallback === String(value) ? value : fallback.replace('VERSION', version);
}

function present(value: unknown): { readonly value?: unknown } {
  return value === undefined ? {} : { value };
}

function toJson(shown: readonly (readonly [string, Shown])[]): string {
  return `${JSON.stringify(Object.fromEntries(shown), undefined, 2)}\n`;
}

function toTable(shown: readonly (readonly [string, Shown])[]): string {
  const rows = shown.map(([key, { value, from }]) => [key, toCell(value), from]);
  return alignColumns([['option', 'value', 'set by'], ...rows], '<<<')
    .map((line) => `${line}\n`)
    .join('');
}

function toCell(value: unknown): string {
  const texts = (Array.isArray(value) ? value : [value ?? '']).map((item: unknown) =>
    typeof item === 'string' ? item : JSON.stringify(item),
  );
  return printable(texts.join(', ')) || '-';
}
