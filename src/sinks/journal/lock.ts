import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { sha256 } from '../../model/crypto.ts';
import { UsageError } from '../../model/errors.ts';

/**
 * Takes an output for this process alone, on this machine, until it ends. The lock is a local socket,
 * which the system takes away with the process, so that a kill leaves nothing stale. Throws a
 * `UsageError` while another process has it.
 */
export async function lockOutput(output: string): Promise<void> {
  const address = addressOf(output);
  if (!(await listen(address)) && !(await takeOver(address))) {
    throw new UsageError(`--output: another bulkfetch is writing ${output}`);
  }
}

/** Another process has it, or this one. */
export function isLocked(output: string): Promise<boolean> {
  return isAnswered(addressOf(output));
}

/** Linux and Windows have names for sockets that are no files; elsewhere the file of a dead process stays. */
function addressOf(output: string): string {
  const real = fs.existsSync(output) ? fs.realpathSync(output) : path.resolve(output);
  const name = `bulkfetch-${sha256(real).slice(0, 32)}`;
  switch (process.platform) {
    case 'linux':
      return `\0${name}`;
    case 'win32':
      return String.raw`\\.\pipe\${name}`;
    default:
      return path.join(os.tmpdir(), `${name}.sock`);
  }
}

/** False: the address is in use. */
function listen(address: string): Promise<boolean> {
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(address, () => resolve(true)).unref();
  });
}

/** A file that nobody listens to is what a killed process has left. */
async function takeOver(address: string): Promise<boolean> {
  if (!address.endsWith('.sock') || (await isAnswered(address))) {
    return false;
  }
  fs.rmSync(address, { force: true });
  return listen(address);
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
