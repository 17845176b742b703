import { CommanderError } from 'commander';
import { ending } from './ending.ts';
import { describeError, describeFault, exitStatus, type ExitStatus } from './exit.ts';
import { message } from './message.ts';
import { createProgram } from './program.ts';

// Whoever closed standard error does not read it; the records are still wanted.
process.stderr.on('error', () => {});
// What nobody catches, and a rejection that nobody handles: Node would end with the status of failed tasks.
process.on('uncaughtException', (error) => {
  tell(describeFault(error));
  process.exit(exitStatus.output);
});
process.exitCode = await main(process.argv.slice(2));
if (ending.isHeldUp) {
  ending.now(process.exitCode);
}

/** Runs the command line. The exit status is set here and nowhere else. */
async function main(args: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  const program = createProgram((result) => {
    status = result;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage; // commander has told the user
    }
    const { status: failed, text } = describeError(error);
    if (text !== undefined) {
      tell(text);
    }
    return failed;
  }
}

function tell(text: string): void {
  process.stderr.write(`${message(text).replaceAll(/^/gm, 'bulkfetch: ')}\n`);
}
