import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeCommand } from '../../../src/cli/completion/describe.ts';
import { shells, type Shell } from '../../../src/cli/completion/shells.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { cli, ended, start } from '../../e2e/cli.ts';
import { scratch } from '../../e2e/scratch.ts';

const program = createProgram();
const flagsOf = (name?: string) =>
  (name === undefined ? program : program.commands.find((command) => command.name() === name)!).options
    .filter((option) => !option.hidden)
    .flatMap(({ long }) => (long == null ? [] : [long]));

/** Lines as typed before the tab, and all that can follow; the folder holds `co py.txt` and `codir`. */
const lines: Readonly<Record<string, readonly string[]>> = {
  'bulkfetch co': ['compare', 'completion', 'config', 'co py.txt', 'codir'],
  'bulkfetch --': [...flagsOf(), '--help'],
  'bulkfetch --concu': ['--concurrency'],
  'bulkfetch --progress --no-': ['--no-progress', '--no-config', '--no-reuse'],
  'bulkfetch --body ': ['auto', 'text', 'json', 'base64', 'none'],
  'bulkfetch --body=b': ['base64'],
  'bulkfetch -c ': [],
  'bulkfetch -o co': ['co py.txt', 'codir'],
  'bulkfetch --summary co': ['co py.txt', 'codir'],
  'bulkfetch --save-dir co': ['codir'],
  'bulkfetch urls.txt co': ['co py.txt', 'codir'],
  'bulkfetch urls.txt --concu': ['--concurrency'],
  'bulkfetch compare co': ['co py.txt', 'codir'],
  'bulkfetch compare --': [...flagsOf('compare'), '--help'],
  'bulkfetch compare --format ': ['table', 'json'],
  'bulkfetch compare --body=b': ['base64'],
  'bulkfetch serve co': [],
  'bulkfetch serve --por': ['--port'],
  'bulkfetch config --outp': ['--output'],
  'bulkfetch completion ': ['bash', 'zsh', 'fish'],
  'bulkfetch help co': ['compare', 'completion', 'config'],
};

/** How to start each shell without the user's own settings. */
const commands = {
  bash: ['bash', '--norc', '--noprofile'],
  zsh: ['zsh', '-f'],
  fish: ['fish', '--no-config'],
} as const satisfies Record<Shell, readonly string[]>;

/** A machine without zsh or fish, and the one of CI may be, can still run the tests; bash is everywhere. */
const installed = (Object.keys(shells) as Shell[]).filter(
  (shell) => shell === 'bash' || spawnSync(commands[shell][0], ['--version']).status === 0,
);

it.each(installed)('%s completes', async (shell) => {
  const [command, ...flags] = commands[shell];
  const script = shells[shell](describeCommand(program));
  const cwd = scratch({ script, 'co py.txt': '' });
  mkdirSync(path.join(cwd, 'codir'));
  const ask = path.join(import.meta.dirname, `ask.${shell}`);
  const { stdout, stderr } = await ended(
    start(command, [...flags, ask, './script', ...Object.keys(lines)], { cwd, env: { HOME: cwd } }),
  );
  expect(stderr).toBe('');
  expect(answersIn(stdout)).toEqual(sortedAll(lines));
});

it.each(Object.keys(shells) as Shell[])('the script for %s is what the command prints', async (shell) => {
  const { status, stdout, stderr } = await cli(['completion', shell]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(shells[shell](describeCommand(program)));
});

it('a shell that is not known is refused with those that are', async () => {
  const { status, stderr } = await cli(['completion', 'tcsh']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr:
      "bulkfetch: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
  });
});

/** By line. Some shells offer a short name too, some the whole `--body=base64`, and a slash after a folder. */
function answersIn(output: string): Record<string, readonly string[]> {
  const rows = output
    .split('\n')
    .slice(0, -1)
    .map((row) => row.split('\t'));
  return sortedAll(
    Object.fromEntries(
      rows.map(([line = '', ...offers]) => [
        line,
        offers
          .map((offer) => offer.replace(/^--body=/, '').replace(/\/$/, ''))
          .filter((offer) => !/^-\w$/.test(offer)),
      ]),
    ),
  );
}

function sortedAll(answers: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(answers).map(([line, offers]) => [line, [...new Set(offers)].sort()]),
  );
}
