import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** The launcher, as installed. */
export const launcher = path.resolve('bin/bulkfetch.js');

/** How a run of the command ended. */
export interface CliResult {
  /** Null: a signal killed it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run takes beside its arguments. */
export interface CliSettings {
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the built command to its end. */
export async function cli(args: readonly string[], settings: CliSettings = {}): Promise<CliResult> {
  const child = startCli(args, settings);
  child.stdin.end(settings.stdin ?? '');
  return ended(child);
}

/** Starts the built command; the caller talks to it and waits. The end of the test kills what is left. */
export function startCli(
  args: readonly string[],
  settings: CliSettings = {},
): ChildProcessWithoutNullStreams {
  return start(process.execPath, [launcher, ...args], settings);
}

/** Runs a line of bash, in which `bulkfetch` is the built command. */
export async function shell(line: string, settings: CliSettings = {}): Promise<CliResult> {
  const child = start(
    'bash',
    ['-c', `bulkfetch() { ${quote(process.execPath)} ${quote(launcher)} "$@"; }; ${line}`],
    settings,
  );
  child.stdin.end(settings.stdin ?? '');
  return ended(child);
}

/** All that a process writes until it ends, and its exit status. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status: status as number | null, stdout, stderr };
}

/** Whatever the machine goes through to the world: the servers of the tests are on this one. */
const noProxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'].map(
    (name) => [name, ''],
  ),
);

/** Starts any command with pipes, in the surroundings of these tests. */
export function start(
  command: string,
  args: readonly string[],
  { cwd, env }: CliSettings = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...noProxies, NO_COLOR: '1', ...env } });
  child.stdin.on('error', () => {}); // it may end without having read all
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** A word for the shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** One output line. */
export interface Line {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  readonly ok: boolean;
  readonly status?: number;
  readonly attempts: number;
  readonly body?: unknown;
  readonly bodyEncoding?: string;
  readonly file?: string;
  readonly result?: unknown;
  readonly bytes?: number;
  readonly finalUrl?: string;
  readonly page?: number;
  readonly next?: string;
  readonly error?: { readonly kind: string; readonly code: string; readonly message: string };
  readonly timing: Readonly<Record<string, number>>;
  readonly startedAt: string;
}

/** The records in JSON Lines; throws when a line is torn. */
export function lines(jsonl: string): Line[] {
  if (jsonl !== '' && !jsonl.endsWith('\n')) {
    throw new Error('the last line is torn');
  }
  return jsonl
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** The records in input order. */
export function sorted(jsonl: string): Line[] {
  return lines(jsonl).sort((a, b) => a.index - b.index);
}
