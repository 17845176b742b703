import { fileURLToPath } from 'node:url';
import type { Entry } from './entry.ts';
import type { Blocked, Frame } from './watchdog-messages.ts';

/** Frames that are shown: those around them say little. */
const shown = 5;

/** What a block of the event loop is in the log. */
export function blockedEntry({ blockedMs, frames }: Blocked, at: number): Entry {
  const own = frames.filter(({ file }) => !file.startsWith('node:'));
  const stack = (own.length === 0 ? frames : own).slice(0, shown).map(frameText);
  const where = stack.length === 0 ? ', and it was over before one could look' : ` at: ${stack.join(', ')}`;
  return {
    level: 'warn',
    event: 'loop-blocked',
    at,
    text: `event loop blocked for ${Math.round(blockedMs)} ms${where}`,
    fields: { blockedMs, stack },
  };
}

/** `hash (/home/ann/hash.ts:3:14)`. */
function frameText({ name, file, line, column }: Frame): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  return `${name === '' ? '(anonymous)' : name} (${path}:${line}:${column})`;
}
