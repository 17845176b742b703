import fs from 'node:fs';
import { devNull } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Milliseconds } from '../../model/units.ts';

/** Writes a new file. */
export type WriteNew = (file: string, content: Uint8Array) => Promise<void>;

/** How often it is tried, and how long after each other: descriptors come back when tasks end. */
const mostTries = 500;
const pauseMs: Milliseconds = 20;

/**
 * Writes files although sockets may have taken all that this machine allows: a descriptor is held back
 * for it, until the process ends, and lent to one file at a time.
 */
export function spareWriter(write: WriteNew): WriteNew {
  let spare = openSpare();
  let turn = Promise.resolve();

  async function writeWithSpare(file: string, content: Uint8Array): Promise<void> {
    for (let tries = 1; ; tries++) {
      if (spare !== undefined) {
        fs.closeSync(spare);
      }
      try {
        await write(file, content);
        return;
      } catch (error) {
        if (!isOutOfFiles(error) || tries === mostTries) {
          throw error;
        }
      } finally {
        spare = openSpare();
      }
      await delay(pauseMs);
    }
  }

  return async (file, content) => {
    try {
      await write(file, content);
    } catch (error) {
      if (!isOutOfFiles(error)) {
        throw error;
      }
      const written = turn.then(() => writeWithSpare(file, content));
      turn = written.catch(() => {}); // it is told to its own caller
      await written;
    }
  };
}

function openSpare(): number | undefined {
  try {
    return fs.openSync(devNull, 'r');
  } catch {
    return undefined; // somebody was faster: there may be one the next time
  }
}

function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
