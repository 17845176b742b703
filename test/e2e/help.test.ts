import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { cli } from './cli.ts';

const program = createProgram();

it.each(['-V', '--version'])('%s is that of the package', async (flag) => {
  const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await cli([flag])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

describe('help', () => {
  it.each(['-h', '--help', 'help'])('%s lists every flag and command', async (flag) => {
    const { status, stdout, stderr } = await cli([flag]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(listed(stdout, 'Commands')).toEqual([
      'compare',
      'doctor',
      'status',
      'query',
      'serve',
      'demo',
      'config',
      'completion',
      'help',
    ]);
    expect(flagsIn(stdout)).toEqual(new Set([...flagsOf(program), '--help']));
  });

  const commands = program.commands.map((command) => ({ name: command.name(), flags: flagsOf(command) }));
  it.each(commands)('of $name lists every flag', async ({ name, flags }) => {
    const { status, stdout, stderr } = await cli([name, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: bulkfetch ${name} \\[options\\]`));
    expect(flagsIn(stdout)).toEqual(new Set([...flags, '--help']));
    expect((await cli(['help', name])).stdout).toBe(stdout);
  });

  it('of a command that there is not is the general one, exit 2', async () => {
    const { stdout: general } = await cli(['--help']);
    expect(await cli(['help', 'nothing'])).toEqual({ status: 2, stdout: '', stderr: general });
  });
});

/** What this test needs to know of a commander command. */
interface CommandLike {
  readonly options: readonly { readonly long?: string | undefined; readonly hidden: boolean }[];
}

function flagsOf(command: CommandLike): string[] {
  return command.options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long]));
}

/** The long names at the beginnings of lines. */
function flagsIn(help: string): Set<string> {
  return new Set([...help.matchAll(/^  (?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, flag]) => flag!));
}

/** The first words below a heading. */
function listed(help: string, heading: string): string[] {
  const section = help.split(`\n${heading}:\n`)[1]?.split('\n\n')[0] ?? '';
  return [...section.matchAll(/^  (\w+)/gm)].map(([, word]) => word!);
}
