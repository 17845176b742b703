import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mulberry32 } from '../../src/serve/random.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { ended, lines, startCli } from './cli.ts';
import { momentsOf } from './moments.ts';
import { scratch } from './scratch.ts';

const tasks = 60;
const atOnce = 4;
const often = momentsOf(50);
const random = mulberry32(5);
const pick = (below: number) => Math.floor(random() * below);

/** What is done when a run has sent so many requests. */
const moments = new Map<string, { at: number; act: () => void }>();
const seen = new Map<string, number[]>();
const server = await scriptedServer({
  '*': ({ target }) => {
    const [, run = '', task] = target.split('/');
    const requests = seen.get(run) ?? [];
    requests.push(Number(task));
    seen.set(run, requests);
    const moment = moments.get(run);
    if (moment?.at === requests.length) {
      moment.act();
    }
    return { body: 'ok' };
  },
});
afterAll(() => server.close());

/** A run of POSTs that gets the signal when the server has seen so many of them; with 0, while it starts up. */
async function interrupted(run: string, signal: 'SIGINT' | 'SIGTERM', at: number) {
  const cwd = scratch();
  const args = [`${server.url}/${run}/[0-${tasks - 1}]`, '-q', '-d', 'x', '-c', '5', '-o', 'out.jsonl'];
  const child = startCli([...args, '--summary', 'summary.json'], { cwd });
  moments.set(run, { at, act: () => void child.kill(signal) });
  if (at === 0) {
    setTimeout(() => child.kill(signal), pick(100));
  }
  const { status } = await ended(child);
  const output = path.join(cwd, 'out.jsonl');
  const records = existsSync(output) ? lines(readFileSync(output, 'utf8')) : [];
  return { status: status ?? child.signalCode, records, summary: summaryIn(cwd) };
}

function summaryIn(cwd: string): unknown {
  const text = existsSync(path.join(cwd, 'summary.json'))
    ? readFileSync(path.join(cwd, 'summary.json'), 'utf8')
    : '';
  return text === '' ? undefined : JSON.parse(text);
}

it.each([
  { signal: 'SIGINT', status: 130 },
  { signal: 'SIGTERM', status: 143 },
] as const)(
  `$signal at ${often} moments: each request has its whole line, and none is sent twice`,
  async ({ signal, status }) => {
    let early = 0;
    const waiting = Array.from({ length: often }, (_, at) => at).values();
    const work = async () => {
      for (const number of waiting) {
        const run = `${signal}-${number}`;
        const result = await interrupted(run, signal, number % 10 === 0 ? 0 : 1 + pick(tasks - 1));
        const sent = seen.get(run) ?? [];
        const byIndex = result.records.map(({ index }) => index).sort((a, b) => a - b);
        expect(byIndex).toEqual(sent.sort((a, b) => a - b));
        expect(new Set(sent).size).toBe(sent.length);
        expect(result.records.every(({ ok, attempts }) => ok && attempts === 1)).toBe(true);
        if (result.status === signal) {
          expect([0, tasks]).toContain(sent.length); // it came before anybody listened for it, or when all was done
          continue;
        }
        expect(result.status).toBe(sent.length === tasks && result.status === 0 ? 0 : status);
        expect(result.summary).toMatchObject({
          interrupted: result.status !== 0,
          tasks: { total: sent.length, ok: sent.length, failed: 0 },
        });
        early += sent.length < tasks ? 1 : 0;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(early).toBeGreaterThan(often / 2);
  },
);
