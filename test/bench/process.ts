import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** The core that every client runs on; nginx has the other. */
export const clientCore = '0';

const execFileAsync = promisify(execFile);

/** A process whose output goes to files, and how it will end. */
export interface Running {
  readonly child: ChildProcess;
  /** The exit status; 128 and above for a death by signal. Rejects when it cannot be started. */
  readonly exit: Promise<number>;
}

/** Where a process reads and writes; what is absent is /dev/null. */
export interface Files {
  readonly stdin?: 'pipe';
  readonly stdout?: string | undefined;
  readonly stderr?: string;
  /** The cores it may use, as `taskset` takes them; absent: the client core. */
  readonly cores?: string;
}

/**
 * Starts a command pinned to a core, in a process group of its own: when the bench is
 * interrupted the whole group dies, and no half-run client disturbs what comes next.
 */
export function start(argv: readonly string[], files: Files, signal: AbortSignal): Running {
  signal.throwIfAborted();
  const stdout = openSync(files.stdout ?? '/dev/null', 'w');
  const stderr = openSync(files.stderr ?? '/dev/null', 'w');
  const child = spawn('taskset', ['-c', files.cores ?? clientCore, ...argv], {
    stdio: [files.stdin ?? 'ignore', stdout, stderr],
    detached: true,
  });
  closeSync(stdout);
  closeSync(stderr);

  const exit = new Promise<number>((resolve, reject) => {
    const kill = (): void => {
      if (child.pid !== undefined) {
        process.kill(-child.pid, 'SIGKILL');
      }
    };
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) {
        reject(signal.reason);
      } else {
        resolve(code ?? 128);
      }
    });
  });
  return { child, exit };
}

/** What a short command prints, both streams; undefined when it is not installed or fails. */
export async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await execFileAsync(command, args);
    return `${stdout}${stderr}`.trim();
  } catch {
    return undefined;
  }
}
