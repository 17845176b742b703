import fs from 'node:fs';
import { writeError } from '../model/errors.ts';

/** A pipe whose other end is not blocking may be full; this long until the next try. */
const retryFullPipeMs = 5;

/** An open file, pipe or device that takes bytes. */
export interface FileWriter {
  readonly fd: number;
  /** For people: the path of a file, or `standard output`. */
  readonly name: string;
  /** It was opened for this, and is closed in the end. */
  readonly isOwned: boolean;
  /** Resolves when the system has all of the bytes. Throws `SinkError` or `ReaderGoneError`. */
  write(bytes: Buffer): Promise<void>;
  /** Throws `SinkError` when the system could not keep what was written (a full disk on NFS). */
  close(): Promise<void>;
}

/** Opens a file to be written anew. Throws `SinkError` when it cannot be opened. */
export function openAnew(path: string): number {
  return open(path, 'w');
}

/** Opens a file to be added to. Throws `SinkError` when it cannot be opened. */
export function openToAppend(path: string): number {
  return open(path, 'a');
}

function open(path: string, flags: 'w' | 'a'): number {
  try {
    return fs.openSync(path, flags);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Writes to a descriptor that was opened for it. */
export function fileWriter(fd: number, path: string): FileWriter {
  return { ...writerTo(fd, path), isOwned: true, close: () => closeFile(fd, path) };
}

/** Writes to standard output, which stays open. */
export function stdoutWriter(): FileWriter {
  return writerTo(1, 'standard output');
}

/** Hands all of the bytes to the system. Throws what the system says, and waits while a pipe is full. */
export async function writeAll(fd: number, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    offset += await writeSome(fd, bytes, offset);
  }
}

function writerTo(fd: number, name: string): FileWriter {
  return {
    fd,
    name,
    isOwned: false,
    async write(bytes) {
      try {
        await writeAll(fd, bytes);
      } catch (error) {
        throw writeError(name, error);
      }
    },
    close: () => Promise.resolve(),
  };
}

function closeFile(fd: number, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.close(fd, (error) => (error ? reject(writeError(name, error)) : resolve()));
  });
}

/** Gives how many bytes the system has taken, which may be less than all. */
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
