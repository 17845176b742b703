import fs from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../model/crypto.ts';
import { writeError } from '../../model/errors.ts';
import { FetchRecord, type RecordFields } from '../../model/record.ts';
import type { SaveName } from '../../model/options/run-options.ts';
import type { Bytes } from '../../model/units.ts';
import { withExtension, withOtherExtension, type FileName } from './extension.ts';
import { fileName } from './file-name.ts';
import { fileReplacer } from './replace.ts';
import { UsedNames } from './used-names.ts';

/** Saves the body of a record, if it is to be saved; gives the record that then names the file. */
export type SaveBody = (record: FetchRecord) => Promise<FetchRecord>;

/** What a folder of bodies is told. */
export interface FolderSettings {
  readonly saveName: SaveName;
  /** Files of the run itself: where they are in the folder, no body takes their names. */
  readonly reserved: readonly string[];
  /** Files that records of the run name already; known when the first body is saved. */
  readonly saved: readonly string[];
  /** What is saved survives the death of the machine, as soon as the folder is synced. */
  readonly isSynced: boolean;
}

/**
 * Makes the folder where there is none. A file appears whole or not at all; it replaces one of an
 * earlier run, never one of this run. Nothing is written outside: a link that has the name is replaced,
 * not followed. Throws `SinkError` when the folder or, later, a file cannot be written.
 */
export function openFolder(
  directory: string,
  { saveName, reserved, saved, isSynced }: FolderSettings,
): SaveBody {
  const root = prepare(directory);
  const replace = fileReplacer(root, isSynced);
  let used: UsedNames | undefined;
  const usedNames = () => {
    const names = new UsedNames(process.platform !== 'win32' && process.platform !== 'darwin');
    for (const file of [...reserved.filter((one) => parentOf(one) === root), ...saved]) {
      names.add(path.basename(file));
    }
    return names;
  };

  return async (record) => {
    const body = bodyToSave(record);
    if (body === undefined) {
      return record;
    }
    const parts = named(stems[saveName](record, body), record);
    // What is named after its content may be overwritten: by the same.
    const name = saveName === 'hash' ? parts.stem + parts.extension : (used ??= usedNames()).take(parts);
    const file = directory.endsWith('/') ? directory + name : `${directory}/${name}`;
    try {
      if (saveName !== 'hash' || !(await isThere(path.join(root, name), body.length))) {
        await replace(name, body);
      }
    } catch (error) {
      throw writeError(file, error);
    }
    return savedAs(record, file);
  };
}

const stems = {
  id: ({ id }) => fileName(id),
  url: ({ url }) => fileName(url.replace(/^https?:\/\//, '')),
  hash: (_, body) => sha256(body),
} satisfies Record<SaveName, (record: FetchRecord, body: Uint8Array) => string>;

/** What a transform has put in the place of a body is named after what it is, not after what came. */
function named(stem: string, { content, headers }: FetchRecord): FileName {
  const came = headers?.['content-type'];
  const made = content?.form === 'base64' ? content.contentType : undefined;
  return made === undefined ? withExtension(stem, came) : withOtherExtension(stem, came, made);
}

function savedAs(fields: RecordFields, file: string): FetchRecord {
  return new FetchRecord({ ...fields, content: undefined, file });
}

/** The folder's real path. */
function prepare(directory: string): string {
  try {
    makeFolder(directory);
    fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK);
    return fs.realpathSync(directory);
  } catch (error) {
    throw writeError(directory, error);
  }
}

/** Not `recursive`, for that never ends where the system says ENOENT of what it will not make, as /proc does. */
function makeFolder(directory: string): void {
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    makeFolder(path.dirname(directory));
    fs.mkdirSync(directory);
  }
}

/** The real path of the folder that a file is in; undefined when there is none. */
function parentOf(file: string): string | undefined {
  const parent = path.dirname(path.resolve(file));
  return fs.existsSync(parent) ? fs.realpathSync(parent) : undefined;
}

/** The body of a task that succeeded; an empty one too, unless the answer is one that has none (RFC 9110, 6.4.1). */
function bodyToSave({ ok, status = 0, headers, bytes, content }: FetchRecord): Uint8Array | undefined {
  if (!ok) {
    return undefined;
  }
  if (content?.form === 'base64') {
    return content.bytes;
  }
  const hasNone = status === 204 || status >= 300 || (headers?.['content-length'] ?? '0') !== '0'; // that of HEAD
  return bytes === 0 && !hasNone ? new Uint8Array() : undefined;
}

/** A whole file has that name already: one with other content would have another. */
async function isThere(file: string, length: Bytes): Promise<boolean> {
  const stats = await lstat(file).catch(() => undefined);
  return stats?.isFile() === true && stats.size === length;
}
