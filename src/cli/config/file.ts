import fs from 'node:fs';
import { evaluate, parse, type DocumentNode, type MemberNode } from '@humanwhocodes/momoa';
import { messageOf, UsageError } from '../../model/errors.ts';
import { nameText } from '../../model/name.ts';
import { didYouMean, nearest } from '../../model/near.ts';
import { oneLine } from '../../model/one-line.ts';
import { longName, type Flag } from '../flags/flag.ts';
import type { ConfigFile } from './location.ts';
import type { Setting, Settings } from './settings.ts';

/**
 * The options that a file sets: an object of JSON, in which comments may stand, with a key for each
 * option. Values are judged by the schema, later. Throws a `UsageError` that names file and line for
 * broken JSON, a key that is no option (with the near one) or stands there twice, and for what is run
 * in a file that nobody named: who fetches in a folder that came from elsewhere must not run its programs.
 */
export function readConfigFile(file: ConfigFile, flags: Readonly<Record<string, Flag>>): Settings {
  const settings = new Map<string, Setting>();
  const wrong: string[] = [];
  for (const member of membersOf(file.path, textOf(file))) {
    const key = member.name.type === 'String' ? member.name.value : member.name.name;
    const from = `${file.path}:${member.loc.start.line}`;
    const problem =
      problemOf(key, member, file, flags) ?? (settings.has(key) ? 'stands there twice' : undefined);
    if (problem !== undefined) {
      wrong.push(`${from}: ${nameText(key)}: ${problem}`);
    } else if (key !== '$schema') {
      settings.set(key, { value: valueOf(member, from), from, name: `${from}: ${key}` });
    }
  }
  if (wrong.length > 0) {
    throw new UsageError(wrong.join('\n'));
  }
  return settings;
}

function problemOf(
  key: string,
  { value }: MemberNode,
  file: ConfigFile,
  flags: Readonly<Record<string, Flag>>,
): string | undefined {
  if (key === '$schema') {
    return undefined;
  }
  if (!Object.hasOwn(flags, key)) {
    return `no such option${didYouMean(optionNear(key, flags))}`;
  }
  const isNone = value.type === 'Array' && value.elements.length === 0;
  const runs = flags[key]?.runs;
  return runs !== undefined && !isNone && file.namedBy === undefined
    ? `${runs} is run only from a file that you name: --config ${file.path}`
    : undefined;
}

/** A flag's name leads to its option as well: `request` is `method`. */
function optionNear(key: string, flags: Readonly<Record<string, Flag>>): string | undefined {
  const options = new Map<string, string>();
  for (const [option, flag] of Object.entries(flags)) {
    options.set(longName(flag), option).set(option, option);
  }
  const name = nearest(key, options.keys());
  return name === undefined ? undefined : options.get(name);
}

function textOf({ path, namedBy }: ConfigFile): string {
  try {
    return fs.readFileSync(path, 'utf8').replace(/^\u{FEFF}/u, '');
  } catch (error) {
    const prefix = namedBy === undefined ? '' : `${namedBy}: `;
    throw new UsageError(`${prefix}cannot read ${path}: ${messageOf(error)}`);
  }
}

function membersOf(path: string, text: string): readonly MemberNode[] {
  const { body } = parsed(path, text);
  if (body.type !== 'Object') {
    const { line, column } = body.loc.start;
    throw new UsageError(
      `${path}:${line}:${column}: must be an object of options, as in {"concurrency": 20}`,
    );
  }
  return body.members;
}

function parsed(path: string, text: string): DocumentNode {
  try {
    return parse(text, { mode: 'jsonc' });
  } catch (error) {
    if (error instanceof Error && 'line' in error && 'column' in error) {
      const reason = oneLine(error.message.replace(/(?: found\.)? \(\d+:\d+\)$/, ''));
      throw new UsageError(
        `${path}:${String(error.line)}:${String(error.column)}: not valid JSON: ${reason}`,
      );
    }
    throw tooDeep(`${path}:1`, error);
  }
}

function valueOf(member: MemberNode, from: string): unknown {
  try {
    return evaluate(member.value);
  } catch (error) {
    throw tooDeep(from, error);
  }
}

/** The parser goes down by recursion, and a few thousand levels exhaust the stack. */
function tooDeep(place: string, error: unknown): unknown {
  return error instanceof RangeError ? new UsageError(`${place}: not an option: it nests too deep`) : error;
}
