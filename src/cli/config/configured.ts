import type { Command } from 'commander';
import type { FlagValues } from '../options.ts';
import { locateConfig } from './location.ts';
import type { Settings } from './settings.ts';

/**
 * Runs a command with its flags and, for the options that no flag sets, with what the environment and
 * the configuration file say; the command itself sees flags only. A `UsageError` about an option then
 * names the variable or file that set it. Where there is neither, this costs a look at both.
 */
export async function configured<Values extends FlagValues, Result>(
  command: Command,
  flags: Values,
  run: (values: Values, settings: Settings) => Promise<Result>,
): Promise<Result> {
  const file = locateConfig(command.getOptionValue('config'));
  if (file === undefined && !Object.keys(process.env).some((name) => name.startsWith('BULKFETCH_'))) {
    return run(flags, new Map());
  }
  const { blaming, readSettings, withSettings } = await import('./layers.ts');
  const settings = readSettings(file, command);
  return blaming(settings, () => run(withSettings(flags, settings), settings));
}
