import type { Command } from 'commander';
import { describeCommand } from '../completion/describe.ts';
import { shells, type Shell } from '../completion/shells.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { print } from '../print.ts';

/** `bulkfetch completion SHELL`: prints the script that follows from the program as it is. */
export async function completionCommand(shell: Shell, program: Command): Promise<ExitStatus> {
  await print(shells[shell](describeCommand(program)));
  return exitStatus.ok;
}
