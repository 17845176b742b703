import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/serve/server.ts';
import { serveDefaults } from '../../src/serve/settings.ts';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

async function usersUrl(): Promise<string> {
  const server = await startServer(serveDefaults);
  onTestFinished(() => server.close());
  return `${server.url}/users`;
}

/** What a line says of its page. */
function places(jsonl: string) {
  return lines(jsonl).map(({ index, page, next }) => ({ index, page, next }));
}

describe('bulkfetch --next', () => {
  it.each(['link', '$.next', 'page={$.next_page}'])('%s fetches all pages, a line each', async (rule) => {
    const url = await usersUrl();
    const { status, stdout, stderr } = await cli([url, '--next', rule, '--body', 'none']);
    expect(places(stdout)).toEqual(
      [1, 2, 3, 4, 5].map((page) => ({
        index: 0,
        page,
        next: page < 5 ? `${url}?page=${page + 1}` : undefined,
      })),
    );
    expect(stderr).toContain('1 task in ');
    expect(stderr).toContain('1 ok · 0 failed · 5 pages · ');
    expect(status).toBe(0);
  });

  it('stops after --max-pages, says so, and goes on from there', async () => {
    const url = await usersUrl();
    const cwd = scratch();
    const args = ['--next', '$.next', '--body', 'none', '--summary', 'summary.json'];
    const first = await cli([url, ...args, '--max-pages', '2'], { cwd });
    expect(first.stderr).toContain('2 pages · 1 with pages left · ');
    expect(JSON.parse(readFileSync(path.join(cwd, 'summary.json'), 'utf8'))).toMatchObject({
      tasks: { total: 1, ok: 1 },
      pages: { total: 2, cutOff: 1 },
    });
    const { next = '' } = lines(first.stdout).at(-1)!;
    const second = await cli([next, ...args], { cwd });
    expect(lines(second.stdout).map((line) => line.url)).toEqual(
      [3, 4, 5].map((page) => `${url}?page=${page}`),
    );
  });

  it('ends an API that goes in circles as failed', async () => {
    await using server = await scriptedServer({ '/a': { headers: { link: '</a>; rel="next"' } } });
    const { status, stdout } = await cli([`${server.url}/a`, '--next', 'link', '-q']);
    expect(lines(stdout)).toMatchObject([
      { index: 0, page: 1, ok: true, next: `${server.url}/a` },
      { index: 0, page: 2, ok: false, url: `${server.url}/a`, attempts: 0, error: { code: 'PAGE_LOOP' } },
    ]);
    expect(status).toBe(1);
  });

  it('ends on Ctrl-C after the page in flight, whose line tells where to go on', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '*': async (_request, _response, hit) => {
        if (hit === 3) {
          await latch.opened;
        }
        return { headers: { link: `<?page=${hit + 1}>; rel=next` } };
      },
    });
    const child = startCli([`${server.url}/a`, '--next', 'link']);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const result = ended(child);
    await until(() => server.hits('/a') === 3);
    child.kill('SIGINT');
    await until(() => said.includes('once more to stop at once'));
    latch.open();
    const { status, stdout } = await result;
    expect(places(stdout).at(-1)).toEqual({ index: 0, page: 3, next: `${server.url}/a?page=4` });
    expect([status, server.received.length]).toEqual([130, 3]);
  });

  it.each([
    [
      ['--next', 'Link'],
      "--next: must be link, a path such as '$.next', or a parameter such as 'cursor={$.next_cursor}', not \"Link\"",
    ],
    [['--next', 'link', '--max-pages', '0'], '--max-pages: must be a whole number of at least 1, not "0"'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await cli(['http://127.0.0.1:1/', ...args]);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
