import fs from 'node:fs';
import path from 'node:path';

/** Throws when a file cannot be written by `replaceFile`. */
export function checkWritable(file: string): void {
  const target = targetOf(file);
  fs.accessSync(isSpecial(target) ? target : path.dirname(target), fs.constants.W_OK);
}

/**
 * Writes a file of secrets, for its owner only, whole or not at all: the text goes to a new file,
 * which then takes the place of the old one. Links are followed, and what is no regular file, such as
 * `/dev/null`, is written to.
 */
export function replaceFile(file: string, text: string): void {
  const target = targetOf(file);
  if (isSpecial(target)) {
    fs.writeFileSync(target, text, 'latin1');
    return;
  }
  const draft = `${target}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(draft, text, { encoding: 'latin1', mode: 0o600, flag: 'wx' });
    fs.renameSync(draft, target);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

function targetOf(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : path.resolve(file);
}

/** A directory is special too, so that writing says what is wrong. */
function isSpecial(target: string): boolean {
  return fs.statSync(target, { throwIfNoEntry: false })?.isFile() === false;
}
