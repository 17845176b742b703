import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { scriptedServer, type Canned } from '../servers/scripted.ts';
import { cli, lines, shell } from './cli.ts';
import { doctor, verdicts } from './doctor.ts';

const hop = (to: string): Canned => ({ status: 302, headers: { Location: to } });

describe('never more than eight requests, redirects included', () => {
  it('of the page', async () => {
    await using server = await scriptedServer({
      '/a': hop('/b'),
      '/b': hop('/c'),
      '/c': hop('/users'),
      '/users': { headers: { 'Content-Encoding': 'x-gzip' }, body: gzipSync('hello') },
    });
    const { found } = await doctor(`${server.url}/a`);
    expect([found.requests.length, server.received.length]).toEqual([8, 8]);
    expect(found).not.toHaveProperty('movedTo');
  });

  it('where they go round in a circle', async () => {
    await using server = await scriptedServer({ '/a': hop('/a') });
    const { status, found } = await doctor(`${server.url}/a`);
    expect([status, found.failure?.code]).toEqual([1, 'TOO_MANY_REDIRECTS']);
    expect([found.requests.length, server.received.length]).toEqual([8, 8]);
    expect(found.tries.join()).toContain('runs follow as many as --max-redirs says');
    const { found: few } = await doctor(`${server.url}/a`, '--max-redirs', '2');
    expect(few.tries).toContain('--max-redirs 4');
  });

  it('where only a further request is redirected, which is its answer', async () => {
    await using server = await scriptedServer({
      '/a': ({ headers }) => (headers.range === undefined ? { body: 'hello' } : hop('/login')),
      '/login': hop('/login'),
    });
    const { found } = await doctor(`${server.url}/a`);
    expect(found.findings.ranges).toEqual({ verdict: 'no', detail: 'the answer was 302' });
    expect(server.hits('/login')).toBe(0);
  });

  it('of a robots.txt, which then is not told', async () => {
    await using server = await scriptedServer({
      '/a': { body: 'hello' },
      '/robots.txt': hop('/robots.txt'),
    });
    const { found } = await doctor(`${server.url}/a`);
    expect(server.received.length).toBe(8);
    expect(found.findings.robots).toEqual({
      verdict: 'not told',
      detail: 'redirected further than was asked here',
    });
  });
});

describe('the ready command', () => {
  it('fetches that URL and no other, whatever brackets it has', async () => {
    await using server = await scriptedServer({ '*': { body: 'hello' } });
    const { found } = await doctor(`${server.url}/[1-3]?q={a,b}`);
    const before = server.received.length;
    const { status, stdout } = await shell(`${found.command} -q`);
    expect({ status, urls: lines(stdout).map(({ url }) => url) }).toEqual({ status: 0, urls: [found.url] });
    expect(server.received.slice(before).map(({ target }) => target)).toEqual(['/[1-3]?q={a,b}']);
  });

  it('rests on a rate that is said to be assumed, and asks a slow server for no more than the default', async () => {
    await using server = await scriptedServer({
      '/fast': { body: 'hello' },
      '/slow': async () => {
        await delay(600);
        return { body: 'hello' };
      },
    });
    const { found: fast } = await doctor(`${server.url}/fast`);
    expect(reasonOf(fast, '-c')).toMatch(/^no rate is told, so one is assumed: 100\/s of /);
    const { found: slow } = await doctor(`${server.url}/slow`);
    expect(slow.command).toMatch(/ -c 50$/);
    expect(reasonOf(slow, '-c')).toContain('much for a slow server');
  });
});

describe('a robots.txt', () => {
  it('that disallows the URL is told and left to the user, its delay is kept', async () => {
    await using server = await scriptedServer({
      '/robots.txt': { body: 'User-agent: *\nDisallow: /\nCrawl-delay: 2\n' },
      '/admin': { body: 'secret' },
    });
    const { found } = await doctor(`${server.url}/admin`);
    expect(verdicts(found)['robots']).toBe('disallowed');
    expect(found.advice.map(({ flag }) => flag)).toEqual(['--rate 30/m', '--respect-robots', '-c 1']);
    expect(found.advice[0]).toEqual({
      flag: '--rate 30/m',
      reason: 'its robots.txt asks for 2.00 s between requests',
    });
    expect(found.command).toBe(`bulkfetch '${server.url}/admin' --rate 30/m -c 1`);
  });

  it('that is too large says so', async () => {
    await using server = await scriptedServer({
      '/robots.txt': { body: 'x'.repeat(5000) },
      '/a': { body: 'hello' },
    });
    const { found } = await doctor(`${server.url}/a`, '--max-body', '4000');
    expect(found.findings.robots).toEqual({
      verdict: 'unreachable',
      detail: 'BODY_TOO_LARGE: nothing is allowed then',
    });
  });
});

it('the table of requests names other hosts in full', async () => {
  await using server = await scriptedServer({ '/users': { body: 'hello' } });
  await using first = await scriptedServer({ '/a': hop(`${server.url}/users`) });
  const { stdout } = await cli(['doctor', `${first.url}/a`]);
  expect(stdout).toMatch(new RegExp(`^  GET ${first.url}/a\\n +302 +[\\d.]+ m?s  new connection$`, 'm'));
  expect(stdout).toMatch(/^  GET \/users +200/m);
});

function reasonOf({ advice }: Diagnosis, flag: string): string | undefined {
  return advice.find((one) => one.flag.startsWith(flag))?.reason;
}
