import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCutTrace, readTrace } from '../report/trace-format.ts';
import { scriptedServer, type ScriptedRoutes } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

async function serve(routes: ScriptedRoutes) {
  const server = await scriptedServer(routes);
  onTestFinished(() => server.close());
  return server;
}

const flaky: ScriptedRoutes = {
  '/a': (_, __, hit) => ({ status: hit === 1 ? 503 : 200 }),
  '/b': { status: 302, headers: { location: '/c' } },
  '*': { body: 'hello' },
};
const quick = ['--retry-delay', '5ms', '-q'];

describe('--trace', () => {
  it('has a row for each lane, each attempt with its phases, and arrows', async () => {
    const { url } = await serve(flaky);
    const file = path.join(scratch(), 'trace.json');
    const { status } = await cli([`${url}/{a,b,c,d}`, '-c', '2', ...quick, '--trace', file]);
    expect(status).toBe(0);
    const events = readTrace(readFileSync(file, 'utf8'));
    const rows = events.filter(({ name }) => name === 'thread_name').map(({ args }) => args?.['name']);
    expect(rows).toEqual(['run', 'lane 1', 'lane 2']);
    const exchanges = events.filter(({ cat }) => cat === 'exchange');
    expect(exchanges.map(({ name }) => name).sort()).toEqual([
      'GET 200',
      'GET 200',
      'GET 200',
      'GET 200',
      'GET 302',
      'GET 503',
    ]);
    const phases = new Set(events.filter(({ cat }) => cat === 'phase').map(({ name }) => name));
    expect(phases).toContain('connect');
    expect(phases).toContain('wait');
    const arrows = events.filter(({ ph }) => ph === 's' || ph === 'f').map(({ name, ph }) => `${name} ${ph}`);
    expect(arrows.sort()).toEqual(['redirect f', 'redirect s', 'retry f', 'retry s']);
    expect(events.some(({ ph, name }) => ph === 'C' && name === 'in flight')).toBe(true);
  });

  it('is compressed where its name says so', async () => {
    const { url } = await serve(flaky);
    const file = path.join(scratch(), 'trace.json.gz');
    await cli([`${url}/c`, '-q', '--trace', file]);
    const events = readTrace(gunzipSync(readFileSync(file)).toString());
    expect(events.filter(({ cat }) => cat === 'exchange')).toHaveLength(1);
  });

  it('that is cut off by a kill can be read all the same', async () => {
    const { url } = await serve({ '/held': () => new Promise(() => {}), '*': {} });
    const file = path.join(scratch({ 'trace.json': '' }), 'trace.json');
    const child = startCli([`${url}/[1-20]`, `${url}/held`, '-q', '--trace', file]);
    const end = ended(child);
    await until(() => readFileSync(file, 'utf8').includes(`${url}/20`));
    child.kill('SIGKILL');
    await end;
    const text = readFileSync(file, 'utf8');
    expect(text.trimEnd().endsWith(']')).toBe(false);
    expect(readCutTrace(text).filter(({ cat }) => cat === 'exchange')).toHaveLength(20);
  });

  it('goes together with --debug', async () => {
    const { url } = await serve(flaky);
    const file = path.join(scratch(), 'trace.json');
    const { stderr } = await cli([`${url}/c`, '-q', '--debug', '--trace', file]);
    expect(stderr).toContain(`GET ${url}/c attempt 1: 200`);
    expect(readTrace(readFileSync(file, 'utf8')).some(({ cat }) => cat === 'exchange')).toBe(true);
  });
});

describe('a trace that cannot be', () => {
  it('an input is not overwritten', async () => {
    const folder = scratch({ 'urls.txt': 'http://127.0.0.1:1/' });
    symlinkSync('urls.txt', path.join(folder, 'link'));
    const { status, stderr } = await cli(['urls.txt', '--trace', 'link'], { cwd: folder });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'bulkfetch: --trace: link is also an input; writing would destroy it\n',
    });
    expect(readFileSync(path.join(folder, 'urls.txt'), 'utf8')).toBe('http://127.0.0.1:1/');
  });

  it('nor an output', async () => {
    const { status, stderr } = await cli(['http://127.0.0.1:1/', '-o', 'x', '--trace', './x'], {
      cwd: scratch(),
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'bulkfetch: --output x and --trace ./x are the same file\n',
    });
  });

  it('is told before anything is fetched', async () => {
    const server = await serve({ '*': {} });
    const { status, stderr } = await cli([server.url, '--trace', path.join(scratch(), 'no', 'x.json')]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/cannot write \S+x\.json: ENOENT/);
    expect(server.received).toEqual([]);
  });

  it('ends the run, as any output does', async () => {
    const server = await serve({ '*': {} });
    const { status, stderr } = await cli([`${server.url}/[1-5000]`, '-q', '--trace', '/dev/full']);
    expect({ status, stderr }).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/cannot write \/dev\/full: /) as unknown,
    });
  });
});
