import fs from 'node:fs';
import { messageOf, ReaderGoneError, SinkError } from '../model/errors.ts';
import { recordLine } from '../model/line.ts';
import type { Sink } from './sink.ts';

/** A pipe whose other end is not blocking may be full; this long until the next try. */
const retryFullPipeMs = 5;

/** JSON Lines into a file that is made anew. Throws `SinkError` when it cannot be opened. */
export function openJsonlFile(path: string): Sink {
  try {
    return jsonlSink(path, fs.openSync(path, 'w'), true);
  } catch (error) {
    throw new SinkError(`cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** JSON Lines to standard output. */
export function jsonlStdout(): Sink {
  return jsonlSink('standard output', 1, false);
}

/** One line a record, one system call a batch, off the event loop, so that a slow reader stalls no fetch. */
function jsonlSink(name: string, fd: number, owned: boolean): Sink {
  return {
    name,
    async write(batch) {
      let text = '';
      for (const record of batch) {
        text += recordLine(record);
      }
      try {
        await writeAll(fd, text);
      } catch (error) {
        throw sinkError(name, error);
      }
    },
    async close() {
      if (owned) {
        await new Promise<void>((resolve, reject) => {
          fs.close(fd, (error) => (error ? reject(sinkError(name, error)) : resolve()));
        });
      }
    },
  };
}

async function writeAll(fd: number, text: string): Promise<void> {
  const bytes = Buffer.from(text);
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

function sinkError(name: string, error: unknown): Error {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
    return new ReaderGoneError(`the reader of ${name} went away`, { cause: error });
  }
  return new SinkError(`cannot write ${name}: ${messageOf(error)}`, { cause: error });
}
