import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** How a file that the command opens fails. */
export interface Fault {
  /** As the command opens it, or `standard output`. */
  readonly file: string;
  readonly call: 'write' | 'fsync' | 'close';
  /** From this call on, counted from 1. */
  readonly at?: number;
  /** What the system says. With EAGAIN every other call succeeds. */
  readonly code?: string;
  /** The first write that fails takes so many bytes, and is no error; without a code, each does. */
  readonly takes?: number;
}

/** The environment in which the command meets the fault. */
export function failing(fault: Fault): NodeJS.ProcessEnv {
  const preload = pathToFileURL(path.join(import.meta.dirname, 'failing-fs.mjs'));
  return { NODE_OPTIONS: `--import=${preload.href}`, FAILING_FS: JSON.stringify(fault) };
}
