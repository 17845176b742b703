import fs from 'node:fs';
import { shownSpec } from '../../databases/spec.ts';
import { crypto, sha256 } from '../../model/crypto.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import type { Bytes } from '../../model/units.ts';
import { version } from '../../model/version.ts';
import { plural } from '../../report/format.ts';
import type { InputPart, SidecarHeader } from '../../sinks/journal/sidecar.ts';
import { isUrl } from '../../sources/index.ts';
import { transformMeaning } from '../../transforms/spec.ts';
import { longName } from '../flags/flag.ts';
import { runFlags } from '../flags/index.ts';

/**
 * What makes the tasks of a run and the meaning of its records. The rest, such as limits, credentials
 * and `--limit`, may be another when it goes on.
 */
const meaningful = [
  'inputFormat',
  'url',
  'skip',
  'shard',
  'dedupe',
  'ids',
  'from',
  'query',
  'param',
  'globoff',
  'method',
  'data',
  'json',
  'next',
  'body',
  'fields',
  'includeHeaders',
  'saveDir',
  'saveName',
  'transform',
] as const satisfies readonly (keyof ResolvedRunOptions)[];

/** Larger files are told apart by their length, and by so much at either end. */
const mostHashed: Bytes = 64 * 1024 * 1024;
const endBytes: Bytes = 1024 * 1024;

/** The fingerprint of a run: of its arguments, files by their content, and of its options. */
export async function fingerprint(
  args: readonly string[],
  options: ResolvedRunOptions,
): Promise<SidecarHeader> {
  const { transform } = options;
  const set = meaningful.filter((name) => options[name] !== undefined && options[name] !== false);
  const isNone = (name: keyof ResolvedRunOptions) => name === 'transform' && transform.length === 0;
  return {
    bulkfetch: 1,
    version,
    input: await Promise.all(args.map(partOf)),
    options: Object.fromEntries(
      set
        .filter((name) => !isNone(name))
        .map((name) => [name, digest(JSON.stringify(meaningOf(options, name)))]),
    ),
    ...(options.next !== undefined && { maxPages: options.maxPages }),
  };
}

/** What makes the records of two runs different; undefined: nothing. */
export function differenceOf(before: SidecarHeader, now: SidecarHeader): string | undefined {
  const option = meaningful.find((name) => before.options[name] !== now.options[name]);
  if (option !== undefined) {
    return `with another --${longName(runFlags[option])}`;
  }
  if (before.input.length !== now.input.length) {
    return `from ${plural(before.input.length, 'source')}, not from ${now.input.length}`;
  }
  const differences = now.input.map((part, at) => partDifference(before.input[at], part));
  return differences.find((difference) => difference !== undefined);
}

function partDifference(before: InputPart | undefined, now: InputPart): string | undefined {
  if ('file' in now && before !== undefined && 'file' in before) {
    const isSame = now.bytes === before.bytes && now.sha256 === before.sha256;
    return isSame ? undefined : `from another content of ${now.file}`;
  }
  if (JSON.stringify(before) === JSON.stringify(now)) {
    return undefined;
  }
  return 'url' in now && before !== undefined && 'url' in before ? 'from another URL' : 'from other sources';
}

/**
 * The same database may be reached in another name, and no digest is to give its password away. A module is
 * what stands in it.
 */
function meaningOf(options: ResolvedRunOptions, name: (typeof meaningful)[number]): unknown {
  if (name === 'transform') {
    return options.transform.map(transformMeaning);
  }
  return name === 'from' && options.from !== undefined ? shownSpec(options.from) : options[name];
}

/** Short: it tells two values apart, and does not give one away. */
function digest(text: string): string {
  return sha256(text).slice(0, 12);
}

async function partOf(argument: string): Promise<InputPart> {
  if (isUrl(argument)) {
    return { url: digest(argument) };
  }
  const stats = argument === '-' ? undefined : fs.statSync(argument, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    return { stream: true };
  }
  return { file: argument, bytes: stats.size, sha256: await hashFile(argument, stats.size) };
}

async function hashFile(file: string, size: Bytes): Promise<string> {
  const parts = size <= mostHashed ? [{}] : [{ end: endBytes - 1 }, { start: size - endBytes }];
  const sum = crypto().createHash('sha256');
  for (const part of parts) {
    for await (const chunk of fs.createReadStream(file, part)) {
      sum.update(chunk);
    }
  }
  return sum.digest('hex');
}
