import fs from 'node:fs';
import path from 'node:path';
import { writeError } from '../model/errors.ts';
import type { Fsync } from '../model/options/run-options.ts';
import type { Milliseconds } from '../model/units.ts';
import type { FileWriter } from './descriptor.ts';
import { openFolderSync } from './folder-sync.ts';

/** With `interval`, the death of the machine takes what was written in this time, and a little more. */
const intervalMs: Milliseconds = 1000;

/**
 * The same writer, whose bytes also survive the death of the machine: with `each` when a write has
 * resolved, with `interval` about a second later, and when it is closed. What was in the file before, and its
 * name in its folder, do so from the start. Pipes and devices have nothing to sync. Throws `SinkError`,
 * for good: a second fsync tells nothing of what the first has lost.
 */
export async function durable(writer: FileWriter, fsync: Exclude<Fsync, 'none'>): Promise<FileWriter> {
  if (!fs.fstatSync(writer.fd).isFile()) {
    return writer;
  }
  try {
    await sync(writer);
    if (writer.isOwned) {
      await syncFolderOf(writer.name);
    }
  } catch (error) {
    await writer.close();
    throw error;
  }
  return fsync === 'each' ? syncedEach(writer) : syncedAtIntervals(writer);
}

function syncedEach(writer: FileWriter): FileWriter {
  return {
    ...writer,
    async write(bytes) {
      await writer.write(bytes);
      await sync(writer);
    },
  };
}

/** No write waits for the disk; the one after a failed fsync throws. */
function syncedAtIntervals(writer: FileWriter): FileWriter {
  let isDirty = false;
  let timer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> | undefined;
  let fault: { readonly error: unknown } | undefined;

  const syncAll = async () => {
    isDirty = false;
    try {
      await sync(writer);
    } catch (error) {
      fault ??= { error };
    }
    timer = isDirty ? setTimeout(start, intervalMs) : undefined;
  };
  const start = () => {
    syncing = syncAll();
  };
  const throwFault = () => {
    if (fault !== undefined) {
      throw fault.error;
    }
  };

  return {
    ...writer,
    async write(bytes) {
      throwFault();
      await writer.write(bytes);
      isDirty = true;
      timer ??= setTimeout(start, intervalMs);
    },
    async close() {
      clearTimeout(timer);
      await syncing;
      clearTimeout(timer);
      try {
        throwFault();
        if (isDirty) {
          await sync(writer);
        }
      } finally {
        await writer.close();
      }
    },
  };
}

function sync({ fd, name }: FileWriter): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fdatasync(fd, (error) => (error ? reject(writeError(name, error)) : resolve()));
  });
}

async function syncFolderOf(file: string): Promise<void> {
  const folder = openFolderSync(path.dirname(file));
  try {
    await folder.sync();
  } finally {
    folder.close();
  }
}
