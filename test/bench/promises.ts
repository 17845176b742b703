import { readFile, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { rawServer } from '../servers/raw.ts';
import { figure } from './figures.ts';
import { node } from './options.ts';
import { start } from './process.ts';
import type { Bench, Section } from './types.ts';

const hosts = 20_000;
const lanes = 100;
const stalled = 1_000;
const limitMs = 1_000;

/** Promises about sockets and time limits, counted at the other end and in the records. */
export async function measurePromises(bench: Bench): Promise<Section> {
  const sockets = await countSockets(bench);
  const late = (await measureLateness(bench)).toSorted((x, y) => x - y);
  const p99 = late[Math.ceil(late.length * 0.99) - 1];
  return {
    id: 'promises',
    title: 'Sockets over many hosts, and time limits',
    columns: ['what', 'how many', 'result'],
    rows: [
      [
        `hosts that ask for ten minutes of keep-alive, ${lanes} at once`,
        `${sockets.ok} of ${hosts} ok`,
        `${sockets.peak} sockets at most`,
      ],
      [
        `tasks that are never answered, --timeout ${limitMs}ms`,
        String(late.length),
        `late by ${late[late.length >> 1]} ms (median), ${p99} ms (p99), ${late.at(-1)} ms (most)`,
      ],
    ],
    notes: [],
    figures: [
      figure('sockets open at once', '<=', lanes, '', sockets.peak, true),
      figure('time limit, p99 late', '<=', 50, ' ms', p99, true),
    ],
    data: { sockets, late },
  };
}

/** One URL on each of very many hosts; what their servers see is one server, for it listens everywhere. */
async function countSockets(bench: Bench): Promise<{ readonly peak: number; readonly ok: number }> {
  const open = new Set<Socket>();
  let peak = 0;
  await using server = await rawServer((socket) => {
    peak = Math.max(peak, open.add(socket).size);
    const answer = 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=600\r\ncontent-length: 2\r\n\r\nok';
    socket.on('data', () => socket.write(answer));
    // The client's end, and not when this side has noticed it all, is when its socket is gone.
    for (const end of ['end', 'close']) {
      socket.on(end, () => open.delete(socket));
    }
  }, '0.0.0.0');
  const urls = Array.from(
    { length: hosts },
    (_, at) => `http://127.1.${at >> 8}.${at & 255}:${server.port}/\n`,
  );
  const records = await fetchAll(bench, urls.join(''), ['-c', String(lanes)]);
  return { peak, ok: records.filter(({ ok }) => ok).length };
}

/** How many milliseconds after its limit each task ended. */
async function measureLateness(bench: Bench): Promise<number[]> {
  await using server = await rawServer(() => {});
  const urls = Array.from({ length: stalled }, (_, at) => `${server.url}/${at}\n`);
  const limits = ['-c', String(lanes), '--timeout', `${limitMs}ms`, '--retry', '0'];
  const records = await fetchAll(bench, urls.join(''), limits);
  return records.map(({ timing }) => Math.round((timing.total - limitMs) * 10) / 10);
}

interface Line {
  readonly ok: boolean;
  readonly timing: { readonly total: number };
}

async function fetchAll(bench: Bench, urls: string, flags: readonly string[]): Promise<Line[]> {
  const [list, output] = [path.join(bench.folder, 'list.txt'), path.join(bench.folder, 'records.jsonl')];
  await writeFile(list, urls);
  await start([node, bench.bin, list, ...flags, '-q'], { stdout: output }, bench.signal).exit;
  const text = await readFile(output, 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}
