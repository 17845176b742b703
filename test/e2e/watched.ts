import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { ended, launcher, start } from './cli.ts';
import { scratch } from './scratch.ts';

/** A server that answers when released. */
export async function heldServer() {
  const release = createLatch();
  const server = await scriptedServer({ '*': () => release.opened.then(() => ({})) });
  onTestFinished(() => server.close());
  return { server, release };
}

/** A command that has a module of the user loaded before it, and what it says so far. */
export function startWith(module: string, args: readonly string[]) {
  const file = path.join(scratch({ 'module.mjs': module }), 'module.mjs');
  const child = start(process.execPath, ['--import', file, launcher, ...args]);
  const said = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.text += chunk));
  return { child, said, end: ended(child) };
}

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A log of `--log-format json`. */
export const logLines = (stderr: string) =>
  stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
