import { quoted } from '../completion/quote.ts';
import { masked } from '../config/mask.ts';
import { isSwitch, longName, type Flag } from '../flags/flag.ts';
import { fetchFlags } from '../flags/index.ts';
import { attributeName, type FlagValues } from '../options.ts';
import type { Advice } from './advice.ts';

/** A line to copy, and whether secrets in it are to be filled in again. */
export interface CommandLine {
  readonly line: string;
  readonly hasMasked: boolean;
}

/**
 * The run that suits: the flags that were given, unless advice says better, and those of the advice.
 * `isGiven` tells which options the user has set here, and not in a configuration that counts anyway.
 */
export function commandLine(
  url: string,
  values: FlagValues,
  isGiven: (key: string) => boolean,
  advice: readonly Advice[],
): CommandLine {
  const advised = advice.flatMap(({ flag, isLeftOut }) => (isLeftOut === true ? [] : [flag]));
  const names = new Set(advised.map((flag) => flag.split(' ', 1)[0]));
  const given = Object.entries<Flag>(fetchFlags).flatMap(([key, flag]) => {
    const value = values[attributeName(flag)];
    return value === undefined || !isGiven(key) || names.has(`--${longName(flag)}`) ? [] : [{ flag, value }];
  });
  const words = given.flatMap(({ flag, value }) => wordsOf(flag, masked(value, flag)));
  return {
    line: ['bulkfetch', quoted(url), ...(hasGlobs(url) ? ['-g'] : []), ...words, ...advised].join(' '),
    hasMasked: given.some(({ flag, value }) => JSON.stringify(masked(value, flag)) !== JSON.stringify(value)),
  };
}

/** A run would take it for several, or for none; brackets around an address of IPv6 mean nothing else. */
function hasGlobs(url: string): boolean {
  const { pathname, search } = new URL(url);
  return /[[\]{}]/.test(pathname + search);
}

function wordsOf(flag: Flag, value: unknown): string[] {
  if (isSwitch(flag)) {
    const name = longName(flag).replace(/^no-/, '');
    return [value === true ? `--${name}` : `--no-${name}`];
  }
  return [value].flat().map((one) => `${shortest(flag)} ${word(String(one))}`);
}

/** `-H`, or the long name where there is no short one. */
function shortest(flag: Flag): string {
  return /^-\w(?=,)/.exec(flag.flags)?.[0] ?? `--${longName(flag)}`;
}

function word(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : quoted(text);
}
