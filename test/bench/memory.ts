import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import { figure } from './figures.ts';
import { node } from './options.ts';
import { start } from './process.ts';
import { median } from './statistics.ts';
import type { Bench, Section } from './types.ts';

/** Between two looks at the resident memory. */
const intervalMs = 500;

/** More than this from the second quarter to the last is a slope, less is the collector's breath. */
const flat = 1.1;

const summarySchema = z.object({ total: z.optional(z.number()), elapsedMs: z.number() });

interface Stream {
  readonly urls: number;
  readonly urlsPerSecond: number;
  readonly peakMegabytes: number;
  /** Resident megabytes, one sample every half second. */
  readonly samples: readonly number[];
}

/** Streams millions of URLs through standard input: memory must not grow, and speed not fall. */
export async function measureMemory(bench: Bench): Promise<Section> {
  const [few, many] = bench.quick ? [20_000, 200_000] : [100_000, 2_000_000];
  const short = await stream(bench, few);
  const long = await stream(bench, many);
  const quarter = long.samples.length >> 2;
  const early = median(long.samples.slice(quarter, 2 * quarter));
  const late = median(long.samples.slice(-quarter));
  const growth = early === undefined || late === undefined ? undefined : late / early;
  const judge = !bench.quick;
  return {
    id: 'memory',
    title: `${many.toLocaleString('en')} URLs from standard input, bodies to /dev/null, 50 in flight`,
    columns: ['URLs', 'URLs/s', 'peak MB'],
    rows: [short, long].map(({ urls, urlsPerSecond, peakMegabytes }) => [
      urls.toLocaleString('en'),
      Math.round(urlsPerSecond).toLocaleString('en'),
      peakMegabytes.toFixed(0),
    ]),
    notes: [],
    figures: [
      figure('peak memory', '<=', 150, ' MB', long.peakMegabytes, judge),
      figure('memory, last quarter : second quarter', '<=', flat, 'x', growth, judge),
      figure('speed, many : few', '>=', 0.95, 'x', long.urlsPerSecond / short.urlsPerSecond, judge),
    ],
    data: { short, long },
  };
}

async function stream(bench: Bench, urls: number): Promise<Stream> {
  const summary = path.join(bench.folder, 'memory.json');
  const errors = path.join(bench.folder, 'memory.err');
  const argv = [node, bench.bin, '-', '-c', '50', '-o', '/dev/null', '--summary', summary];
  const { child, exit } = start(argv, { stdin: 'pipe', stderr: errors }, bench.signal);
  const done = new AbortController();
  const sampling = sample(child.pid, done.signal);
  try {
    // A client that dies early breaks the pipe; its exit status tells the story better.
    const feeding = pipeline(Readable.from(lines(`${bench.server.http}/users/`, urls)), child.stdin!).catch(
      (error: unknown) => error,
    );
    const [status] = await Promise.all([exit, feeding]);
    if (status !== 0) {
      throw new Error(`memory: exit status ${status}: ${await readFile(errors, 'utf8')}`);
    }
  } finally {
    done.abort();
  }
  const { elapsedMs } = summarySchema.parse(JSON.parse(await readFile(summary, 'utf8')));
  await rm(summary);
  const memory = await sampling;
  bench.say(`memory: ${urls} URLs in ${(elapsedMs / 1000).toFixed(2)} s, peak ${memory.peak.toFixed(0)} MB`);
  return {
    urls,
    urlsPerSecond: (1000 * urls) / elapsedMs,
    peakMegabytes: memory.peak,
    samples: memory.resident,
  };
}

/** Lines in chunks of about 64 KiB, so that feeding costs the machine next to nothing. */
function* lines(prefix: string, count: number): Generator<string> {
  const perChunk = 1_500;
  for (let first = 1; first <= count; first += perChunk) {
    const length = Math.min(perChunk, count - first + 1);
    yield Array.from({ length }, (_, index) => `${prefix}${first + index}\n`).join('');
  }
}

/** The kernel's own high-water mark, and the resident memory over time. */
async function sample(
  pid: number | undefined,
  done: AbortSignal,
): Promise<{ readonly peak: number; readonly resident: readonly number[] }> {
  const resident: number[] = [];
  let peak = 0;
  while (!done.aborted) {
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''); // it has just ended
    const [now, highest] = [megabytes(status, 'VmRSS'), megabytes(status, 'VmHWM')];
    if (now !== undefined && highest !== undefined) {
      resident.push(now);
      peak = highest;
    }
    await delay(intervalMs, undefined, { signal: done }).catch(() => undefined); // done: the loop ends
  }
  return { peak, resident };
}

function megabytes(status: string, field: string): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
