import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crypto } from '../../model/crypto.ts';
import { spareWriter } from './spare-writer.ts';

/**
 * Puts files into a folder so that each name stands for the whole of its content at any moment: it is
 * written under another name, hidden and new, which then takes the place of whatever had the name. `isSynced`:
 * the content also survives the death of the machine, but not yet its name.
 */
export function fileReplacer(
  folder: string,
  isSynced: boolean,
): (name: string, content: Uint8Array) => Promise<void> {
  const prefix = path.join(folder, `.bulkfetch-${crypto().randomBytes(8).toString('hex')}-`);
  const write = spareWriter((file, content) => writeFile(file, content, { flag: 'wx', flush: isSynced }));
  let count = 0;
  return async (name, content) => {
    const draft = `${prefix}${count++}`;
    try {
      await write(draft, content);
      await rename(draft, path.join(folder, name));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  };
}
