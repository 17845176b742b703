import { UsageError } from '../../model/errors.ts';
import { didYouMean, nearest } from '../../model/near.ts';
import { isSwitch, type Flag } from '../flags/flag.ts';
import { configVariable } from './location.ts';
import type { Setting, Settings } from './settings.ts';

/** What the variables of options begin with. */
const prefix = 'BULKFETCH_';

/**
 * The options that the environment sets: `BULKFETCH_PER_HOST_RATE` is `perHostRate`. Switches are 1, 0,
 * true or false, a list is one item a line, and an empty variable is as good as none. Others may use
 * the prefix as well (Kubernetes does for a service of that name), so a variable that is no option is
 * passed over; one that looks like a misspelling is told to `hint`. Throws a `UsageError` for a switch
 * that is neither on nor off.
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv,
  flags: Readonly<Record<string, Flag>>,
  hint: (line: string) => void,
): Settings {
  const options = new Map(Object.entries(flags).map(([key, flag]) => [bareName(key), { key, flag }]));
  const settings = new Map<string, Setting>();
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || name === configVariable || text === undefined || text === '') {
      continue;
    }
    const bare = name.slice(prefix.length);
    const option = options.get(bare);
    const meant = option === undefined ? nearest(bare, options.keys()) : undefined;
    if (option !== undefined) {
      settings.set(option.key, { value: valueOf(name, text, option.flag), from: name, name });
    } else if (meant !== undefined) {
      hint(`${name} is no option${didYouMean(prefix + meant)}`);
    }
  }
  return settings;
}

/** `perHostRate` is `PER_HOST_RATE`. */
function bareName(key: string): string {
  return key.replaceAll(/[A-Z]/g, '_$&').toUpperCase();
}

function valueOf(name: string, text: string, flag: Flag): unknown {
  if (isSwitch(flag)) {
    return switchOf(name, text);
  }
  return flag.repeats === true ? text.split(/\r?\n/).filter((line) => line !== '') : text;
}

function switchOf(name: string, text: string): boolean {
  const state = new Map([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ]).get(text.toLowerCase());
  if (state === undefined) {
    throw new UsageError(`${name}: must be 1, 0, true or false, not ${JSON.stringify(text)}`);
  }
  return state;
}
