import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { quote, launcher, start, type CliSettings } from './cli.ts';

/**
 * Starts the built command on a terminal of 100 columns. What the terminal shows comes on `stdout` of
 * the process, and what is written to `stdin` is typed: `\u0003` is Ctrl-C. The exit status is the
 * command's. `redirect` is for the shell: `> out.jsonl`.
 */
export function startOnTerminal(
  args: readonly string[],
  redirect: string,
  settings: CliSettings = {},
): ChildProcessWithoutNullStreams {
  const command = [process.execPath, launcher, ...args].map(quote).join(' ');
  return start('script', ['-qec', `stty cols 100; ${command} ${redirect}`, '/dev/null'], {
    ...settings,
    env: { TERM: 'xterm', ...settings.env },
  });
}
