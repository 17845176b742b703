import fs from 'node:fs';
import { writeError } from '../model/errors.ts';

/** A folder whose names are made to survive the death of the machine. */
export interface FolderSync {
  /** Files could else be there, whole, without a name. Throws `SinkError`. */
  sync(): Promise<void>;
  close(): void;
}

/** Opens a folder. Windows opens none, and keeps the names itself. Throws `SinkError`. */
export function openFolderSync(folder: string): FolderSync {
  if (process.platform === 'win32') {
    return { sync: () => Promise.resolve(), close() {} };
  }
  const fd = open(folder);
  return {
    sync: () =>
      new Promise((resolve, reject) => {
        fs.fsync(fd, (error) =>
          error === null || isUnsupported(error) ? resolve() : reject(writeError(folder, error)),
        );
      }),
    close: () => fs.closeSync(fd),
  };
}

function open(folder: string): number {
  try {
    return fs.openSync(folder, 'r');
  } catch (error) {
    throw writeError(folder, error);
  }
}

/** Some network file systems sync no folders. */
function isUnsupported({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EINVAL';
}
