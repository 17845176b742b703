import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from './process.ts';

/** Between two looks: short beside the life of a connection, long beside the look itself. */
const intervalMs = 50;

/**
 * The most sockets that a process is seen to hold until it ends: a sample, not a proof, but leaks
 * and broken caps last long enough to be seen. It looks at the process's descriptors, because a
 * table of connections (`ss`, /proc/net/tcp) is read in pieces and counts twice what comes and goes
 * meanwhile: a client that never held more than 50 was reported with 62. A descriptor that is
 * closed and opened again is one entry all the same.
 */
export async function countSockets({ child, exit }: Running): Promise<number> {
  const done = new AbortController();
  const sampling = sample(`/proc/${child.pid}/fd`, done.signal);
  try {
    await exit;
  } finally {
    done.abort();
  }
  return sampling;
}

async function sample(folder: string, done: AbortSignal): Promise<number> {
  let peak = 0;
  while (!done.aborted) {
    peak = Math.max(peak, socketsIn(folder));
    await delay(intervalMs, undefined, { signal: done }).catch(() => undefined); // done: the loop ends
  }
  return peak;
}

/** Synchronous, to be as near to an instant as can be. */
function socketsIn(folder: string): number {
  try {
    return readdirSync(folder).filter((name) => isSocket(`${folder}/${name}`)).length;
  } catch {
    return 0; // the process has just ended
  }
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:');
  } catch {
    return false; // closed since the folder was read
  }
}
