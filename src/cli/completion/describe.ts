import type { Command, Option } from 'commander';
import { databaseShape } from '../../model/options/database-options.ts';
import { debugShape } from '../../model/options/debug-options.ts';
import { inputShape, outputShape } from '../../model/options/run-options.ts';
import { fetchShape } from '../../model/options/options.ts';
import { runFlags, type Flag } from '../flags/index.ts';
import { attributeName } from '../options.ts';

/** A command as the scripts complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly CompletedFlag[];
  /** What its arguments are. */
  readonly takes: Completion;
  readonly commands: readonly CompletedCommand[];
}

/** A flag as the scripts complete it. */
export interface CompletedFlag {
  /** Short before long: `-c`, `--concurrency`. */
  readonly names: readonly string[];
  readonly about: string;
  /** Undefined for a switch. */
  readonly value?: { readonly label: string; readonly takes: Completion };
  readonly repeats: boolean;
}

/** What can stand in a place: a word of a list, a path, something that only the user knows, or nothing. */
export type Completion = readonly string[] | 'file' | 'directory' | 'anything' | 'nothing';

/** The commands and visible flags of a program, and what values they take: enumerations are the schema's. */
export function describeCommand(command: Command): CompletedCommand {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((one) => one !== command);
  return {
    name: command.name(),
    about: command.description(),
    flags: help.visibleOptions(command).map(describeFlag),
    takes: argumentsOf(command),
    commands: commands.map((one) => ({ ...describeCommand(one), ...helpOf(one, commands) })),
  };
}

/** commander's own `help` takes the name of a command. */
function helpOf(command: Command, commands: readonly Command[]): { readonly takes?: Completion } {
  return command.name() === 'help' ? { takes: commands.map((one) => one.name()) } : {};
}

function argumentsOf({ registeredArguments: [first] }: Command): Completion {
  return first === undefined ? 'nothing' : (first.argChoices ?? 'file'); // a source is a URL or a file
}

function describeFlag(option: Option): CompletedFlag {
  const label = /[<[]([^>\]]+)/.exec(option.flags)?.[1];
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    about: option.description,
    ...(label !== undefined && { value: { label, takes: valuesOf(option, label) } }),
    repeats: repeating.has(option.attributeName()),
  };
}

function valuesOf(option: Option, label: string): Completion {
  const values = option.argChoices ?? enumerations.get(option.attributeName());
  if (values !== undefined) {
    return values;
  }
  return /\bfile/i.test(label) ? 'file' : /\bdir/i.test(label) ? 'directory' : 'anything';
}

const flags: Readonly<Record<string, Flag>> = runFlags;

const repeating = new Set(
  Object.values(flags).flatMap((flag) => (flag.repeats === true ? [attributeName(flag)] : [])),
);

/** By name in commander. zod knows the values of a schema that has only so many. */
const enumerations = new Map(
  Object.entries({ ...fetchShape, ...inputShape, ...databaseShape, ...outputShape, ...debugShape }).flatMap(
    ([key, { _zod: schema }]): [string, readonly string[]][] => {
      const flag = flags[key];
      const values = [...(schema.values ?? [])].filter((value) => typeof value === 'string');
      return flag === undefined || values.length === 0 ? [] : [[attributeName(flag), values]];
    },
  ),
);
