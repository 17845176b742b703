import { describe, expect, it } from 'vitest';
import { fetchFlags, type Flag } from '../../src/cli/flags/index.ts';
import { attributeName, fetchOptions } from '../../src/cli/options.ts';
import { createProgram } from '../../src/cli/program.ts';
import { resolveOptions } from '../../src/model/options/options.ts';

const flags = Object.entries<Flag>(fetchFlags);
const defaults: Readonly<Record<string, unknown>> = resolveOptions();
/** The version stands in it. */
const userAgent = 'userAgent';

/** What the option becomes when the flag is given this value. */
function resolved(key: string, flag: Flag, value: string): unknown {
  const options: Readonly<Record<string, unknown>> = resolveOptions(
    fetchOptions({ [attributeName(flag)]: value }),
  );
  return options[key];
}

describe('the default that help shows is that of the schema', () => {
  const shown = flags.flatMap(([key, flag]) =>
    flag.fallback === undefined || key === userAgent ? [] : [{ key, flag, fallback: flag.fallback }],
  );
  it.each(shown)('$key: $fallback', ({ key, flag, fallback }) => {
    expect(defaults[key]).toBeDefined();
    expect(resolved(key, flag, fallback)).toEqual(defaults[key]);
  });

  it('and none is missing', () => {
    const silent = flags.filter(([, flag]) => flag.fallback === undefined && flag.repeats !== true);
    const isOff = (key: string, flag: Flag) =>
      defaults[key] === undefined || defaults[key] === flag.flags.startsWith('--no-');
    expect(silent.filter(([key, flag]) => !isOff(key, flag))).toEqual([]);
  });
});

describe('the flags are the options of the schema', () => {
  it('one for each option that has a default', () => {
    expect(Object.keys(defaults).filter((key) => !(key in fetchFlags))).toEqual([]);
  });

  // The compiler knows the rest: `satisfies Record<keyof FetchOptions, Flag>`.
  it.each(flags)('%s is known to the schema', (key) => {
    // A value of no form: what is refused is the value, not the option.
    expect(() => resolveOptions({ [key]: Symbol.iterator })).toThrow(/^--(?!.*unknown option)/);
  });

  it.each([
    [createProgram(), []],
    [commandOf('compare'), ['concurrency', 'ordered']], // it sets the one and shows no records
  ] as const)('all of them are taken by a command that fetches', (command, without) => {
    const taken = command.options.map((option) => option.attributeName());
    const names = flags.map(([, flag]) => attributeName(flag));
    expect(names.filter((name) => !taken.includes(name))).toEqual(without);
  });
});

function commandOf(name: string) {
  return createProgram().commands.find((command) => command.name() === name)!;
}
