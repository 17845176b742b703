import { UsageError } from '../model/errors.ts';

/**
 * What to throw for an error met while reading: a `UsageError` with the name and the reason when the
 * operating system refused; anything else is a bug or the end of the run, and stays what it is.
 */
export function unreadable(name: string, error: unknown): Error {
  if (!(error instanceof Error)) {
    return new Error(`${name}: ${String(error)}`);
  }
  if (!('syscall' in error && 'code' in error)) {
    return error;
  }
  return new UsageError(`${name}: ${reasons[String(error.code)] ?? error.message}`, { cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  EIO: 'the device failed (input/output error)',
};
