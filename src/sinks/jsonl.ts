import fs from 'node:fs';
import { writeError } from '../model/errors.ts';
import { recordLine } from '../model/line.ts';
import type { Sink } from './sink.ts';

/** Room for a batch of common size; larger ones get memory of their own. */
const keptMemory = 1024 * 1024;

/** A pipe whose other end is not blocking may be full; this long until the next try. */
const retryFullPipeMs = 5;

/** JSON Lines into a file that is made anew. Throws `SinkError` when it cannot be opened. */
export function openJsonlFile(path: string): Sink {
  try {
    return jsonlSink(path, fs.openSync(path, 'w'), true);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** JSON Lines to standard output. */
export function jsonlStdout(): Sink {
  return jsonlSink('standard output', 1, false);
}

/** One line a record, one system call a batch, off the event loop, so that a slow reader stalls no fetch. */
function jsonlSink(name: string, fd: number, owned: boolean): Sink {
  const memory = Buffer.allocUnsafeSlow(keptMemory);
  return {
    name,
    async write(batch) {
      let text = '';
      for (const record of batch) {
        text += recordLine(record);
      }
      try {
        await writeAll(fd, memory, text);
      } catch (error) {
        throw writeError(name, error);
      }
    },
    async close() {
      if (owned) {
        await new Promise<void>((resolve, reject) => {
          fs.close(fd, (error) => (error ? reject(writeError(name, error)) : resolve()));
        });
      }
    },
  };
}

async function writeAll(fd: number, memory: Buffer, text: string): Promise<void> {
  // A UTF-16 unit makes at most three bytes. Memory that is used again costs half of fresh memory.
  const fits = text.length * 3 <= memory.length;
  const bytes = fits ? memory.subarray(0, memory.write(text, 0)) : Buffer.from(text);
  for (let offset = 0; offset < bytes.length;) {
    offset += await writeSome(fd, bytes, offset);
  }
}

function writeSome(fd: number, bytes: Buffer, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
      if (error === null) {
        resolve(written);
      } else if (error.code === 'EAGAIN') {
        setTimeout(resolve, retryFullPipeMs, 0);
      } else {
        reject(error);
      }
    });
  });
}
