import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { failureCodes } from '../../src/model/failure.ts';
import type { Failure } from '../../src/model/failure.ts';
import { lineFields, type Timing } from '../../src/model/record.ts';

const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');

/** Objects, not arrays, so that the compiler asks for a field that is added. */
const timingFields = {
  queue: true,
  dns: true,
  connect: true,
  tls: true,
  firstByte: true,
  download: true,
  earlier: true,
  total: true,
} satisfies Record<keyof Timing, true>;

const errorFields = { kind: true, code: true, message: true } satisfies Record<keyof Failure, true>;

const exitStatuses = [0, 1, 2, 3, 130, 143];

it('names every command and flag', () => {
  const missing = flags(createProgram()).filter((flag) => !standsAlone(flag, readme));
  expect(missing).toEqual([]);
});

it('names every failure code and kind', () => {
  const kinds = new Set(Object.values(failureCodes).map(({ kind }) => kind));
  const missing = [...Object.keys(failureCodes), ...kinds].filter((name) => !standsAsCode(name));
  expect(missing).toEqual([]);
});

it('names every exit status in the section on them', () => {
  const section = sectionOf(/exit (?:status|code)/i);
  expect(exitStatuses.filter((status) => !standsAlone(String(status), section))).toEqual([]);
});

it('names every field of a record', () => {
  const names = [lineFields, timingFields, errorFields].flatMap((fields) => Object.keys(fields));
  expect(names.filter((name) => !standsAsCode(name))).toEqual([]);
});

/** What this test needs to know of a commander command. */
interface CommandLike {
  readonly commands: readonly CommandLike[];
  readonly options: readonly { readonly long?: string; readonly short?: string; readonly hidden: boolean }[];
  name(): string;
}

function flags(command: CommandLike): string[] {
  const own = command.options
    .filter((option) => !option.hidden)
    .flatMap(({ long, short }) => [long, short])
    .filter((flag) => flag !== undefined);
  return [command.name(), ...own, ...command.commands.flatMap(flags)];
}

/** `--retry` is not there because `--retry-delay` is. */
function standsAlone(word: string, text: string): boolean {
  return new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);
}

/** In backticks, alone or with others, or as a key of a JSON example. */
function standsAsCode(name: string): boolean {
  return readme.includes(`"${name}":`) || new RegExp(`\`[^\`\\n]*\\b${name}\\b[^\`\\n]*\``).test(readme);
}

/** The text below the heading that matches, up to the next heading; empty without one. */
function sectionOf(heading: RegExp): string {
  return readme.split(/^#+ /m).find((section) => heading.test(section.split('\n')[0] ?? '')) ?? '';
}
