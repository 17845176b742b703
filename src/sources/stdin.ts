import { untilAborted } from './interruptible.ts';
import { readLines } from './lines.ts';
import type { Opener } from './part.ts';
import { unreadable } from './unreadable.ts';

const name = 'standard input';

/** `-`: one URL a line from standard input, fetched while more are still to come. */
export const stdinOpener: Opener = {
  accepts: (argument) => argument === '-',

  open(_argument, { stdin }) {
    return { name, read: (context, signal) => readLines(name, stdinChunks(stdin, signal), context) };
  },
};

async function* stdinChunks(
  stdin: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* untilAborted(stdin, signal);
  } catch (error) {
    throw unreadable(name, error);
  }
}
