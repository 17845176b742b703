import fs from 'node:fs';
import { writeError } from '../../model/errors.ts';
import { fileWriter, type FileWriter } from '../descriptor.ts';

/**
 * Puts another content in the place of a file, which is the old one or the new one at any moment,
 * whatever dies: it is written beside the file, synced, and renamed. Links are followed, the mode is
 * kept. Throws `SinkError`, and what `write` throws.
 */
export async function replaceFile(file: string, write: (to: FileWriter) => Promise<void>): Promise<void> {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  const target = stats === undefined ? file : fs.realpathSync(file);
  const draft = `${target}.bulkfetch-new`;
  try {
    const writer = fileWriter(fs.openSync(draft, 'w', stats?.mode), draft);
    try {
      await write(writer);
      fs.fsyncSync(writer.fd);
    } finally {
      await writer.close();
    }
    fs.renameSync(draft, target);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error instanceof Error && 'syscall' in error ? writeError(file, error) : error;
  }
}
