import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mulberry32 } from '../../src/serve/random.ts';
import { lines, shell, startCli } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { scriptedServer } from '../servers/scripted.ts';

const tasks = 500;
const server = await scriptedServer({ '*': { body: 'x'.repeat(100) } });
const urls = `${server.url}/[1-${tasks}]`;
afterAll(() => server.close());

/** Of all that is written (some 150 KB): the first bytes, around the length of a record, and anywhere. */
const random = mulberry32(7);
const positions = [0, 1, 400, 65_536, 65_537, 10_000_000].concat(
  Array.from({ length: 9 }, () => Math.floor(random() * 160_000)),
);

it('a reader of a pipe that leaves at any position is a quiet end', async () => {
  const run = async (position: number) => {
    const cwd = scratch();
    const { status, stdout, stderr } = await shell(
      `bulkfetch '${urls}' -q -o - -o all.jsonl | head -c ${position}; exit "\${PIPESTATUS[0]}"`,
      { cwd },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const all = readFileSync(path.join(cwd, 'all.jsonl'), 'utf8');
    expect(lines(all)).toHaveLength(tasks);
    expect(stdout).toBe(all.slice(0, position));
  };
  await inParallel(positions, run);
});

it('a reader of a socket, as Node gives to its children, too', async () => {
  const run = async (position: number) => {
    const child = startCli([urls, '-q']);
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    let length = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length >= position) {
        child.stdout.destroy();
      }
    });
    const [status] = await once(child, 'close');
    expect({ status, said }).toEqual({ status: 0, said: [] });
  };
  await inParallel(positions, run);
});

/** Three at a time. */
async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const work = async () => {
    for (const item of waiting) {
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: 3 }, work));
}
