import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from './process.ts';

/** Between two looks: short beside the life of a connection, long beside the look itself. */
const intervalMs = 50;

/**
 * The most sockets that a process is seen to hold until it ends: a sample, not a proof, but leaks
 * and broken caps last long enough to be seen. It looks at the process's descriptors, because a
 * table of connections (`ss`, /proc/net/tcp) is read in pieces and counts twice what comes and goes
 * meanwhile: a client that never held more than 50 was reported with 62. A descriptor that is
 * closed and opened again is one entry all the same. Sockets that lead to no network are left out: one
 * of them is bulkfetch's lock on its output.
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
    const names = readdirSync(folder);
    const local = localSockets();
    return names.filter((name) => isNetworkSocket(`${folder}/${name}`, local)).length;
  } catch {
    return 0; // the process has just ended
  }
}

function isNetworkSocket(link: string, local: ReadonlySet<string>): boolean {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1];
    return inode !== undefined && !local.has(inode);
  } catch {
    return false; // closed since the folder was read
  }
}

/** The inodes of Unix sockets: the seventh column. */
function localSockets(): ReadonlySet<string> {
  const rows = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return new Set(rows.map((row) => row.split(/\s+/)[6] ?? ''));
}
