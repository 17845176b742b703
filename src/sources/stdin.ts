import { untilAborted } from './interruptible.ts';
import type { Opener } from './part.ts';
import { textPart } from './text.ts';
import { unreadable } from './unreadable.ts';

const name = 'standard input';

/** `-`: tasks from standard input, fetched while more are still to come. */
export const stdinOpener: Opener = {
  accepts: (argument) => argument === '-',

  open(_argument, settings) {
    const open = (signal: AbortSignal) => stdinChunks(settings.stdin, signal);
    return textPart({ name, formatName: '', open, isLasting: false }, settings);
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
