import { describe, expect, it, onTestFinished } from 'vitest';
import { scriptedServer, type ScriptedRoutes } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, shell } from './cli.ts';
import { scratch } from './scratch.ts';
import { startOnTerminal } from './terminal.ts';
import { heldServer, logLines, startWith } from './watched.ts';

async function serve(routes: ScriptedRoutes) {
  const server = await scriptedServer(routes);
  onTestFinished(() => server.close());
  return server;
}

const flaky: ScriptedRoutes = { '/a': (_, __, hit) => ({ status: hit === 1 ? 503 : 200, body: 'hello' }) };
/** On a busy machine the event loop is late at times, which is not what these are about. */
const patient = ['--debug', '--slow-callback', '1m', '-q'];
const quick = [...patient, '--retry-delay', '5ms'];

describe('--debug', () => {
  it('tells a person each attempt with its phases, and why there is another', async () => {
    const { url } = await serve(flaky);
    const { status, stdout, stderr } = await cli([`${url}/a`, ...quick]);
    expect({ status, records: lines(stdout).length }).toEqual({ status: 0, records: 1 });
    const told = stderr
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3} /, '').replaceAll(/\b[\d.]+ ms/g, 'N ms'))
      .map((line) => line.replaceAll(/ \([^)]*\)/g, ''));
    expect(told.filter((line) => !line.startsWith('info 0 of 1'))).toEqual([
      `debug lane 1: opened to ${url}`,
      `debug lane 1: GET ${url}/a attempt 1: 503, 5 bytes in N ms`,
      `info task 0: HTTP 503 in attempt 1, another in N ms: ${url}/a`,
      `debug lane 1: GET ${url}/a attempt 2: 200, 5 bytes in N ms`,
      'debug 1 record to standard output in N ms',
      `debug lane 1: closed, it was to ${url}`,
    ]);
  });

  it('tells a program the same, a JSON line each, messages of every run too', async () => {
    const { url } = await serve(flaky);
    const args = ['-', '--log-format', 'json', ...quick];
    const { status, stderr } = await cli(args, { stdin: `${url}/a\nno url\n` });
    expect(status).toBe(1);
    const log = logLines(stderr);
    expect(log.every(({ time, level, event }) => [time, level, event].every((one) => one !== ''))).toBe(true);
    const of = (name: string) => log.filter(({ event }) => event === name);
    expect(of('exchange')).toMatchObject([
      { level: 'debug', lane: 1, id: '0', url: `${url}/a`, attempt: 1, status: 503, bytes: 5 },
      { level: 'debug', lane: 1, id: '0', url: `${url}/a`, attempt: 2, status: 200, reused: true },
    ]);
    expect(of('retry')).toMatchObject([{ cause: 'HTTP 503', attempt: 1 }]);
    expect(of('task-failed')).toMatchObject([{ level: 'warn', id: '1', failure: { code: 'INVALID_URL' } }]);
    expect(of('message')).toMatchObject([{ message: expect.stringContaining('not a URL') as unknown }]);
  });

  it('says no more than --log-level allows', async () => {
    const { url } = await serve({ ...flaky, '/gone': { status: 404 } });
    const args = [`${url}/a`, `${url}/gone`, '--log-level', 'warn', ...quick];
    const { stderr } = await cli(args);
    expect(stderr).toMatch(
      /^[\d:.]+ warn task 1: failed after 1 attempt: HTTP_STATUS: HTTP 404: \S+\/gone\n$/,
    );
  });

  it('keeps the secrets of the environment to itself', async () => {
    const { url } = await serve({ '*': {} });
    const args = [`${url}/s3cr3t-token`, '--bearer', '${TOKEN}', ...patient];
    const { stderr } = await cli(args, { env: { TOKEN: 's3cr3t-token' } });
    expect(stderr).toContain(`GET ${url}/*** attempt 1`);
    expect(stderr).not.toContain('s3cr3t');
  });

  it('writes above the progress bar', async () => {
    const { url } = await serve({ '*': {} });
    const child = startOnTerminal([`${url}/a`, '--debug'], '> /dev/null');
    const { stdout } = await ended(child);
    expect(stdout).toMatch(/debug lane 1: GET \S+ attempt 1: 200/);
  });

  it('tells that too few files are open', async () => {
    const { url } = await serve({ '*': {} });
    const line = `ulimit -n 48; bulkfetch '${url}/[1-200]' -c 100 --log-level warn ${patient.join(' ')}`;
    const { status, stderr } = await shell(line);
    expect(status).toBe(0);
    expect(stderr).toMatch(/warn \d+ -> \d+ tasks at once: TOO_MANY_OPEN_FILES/);
  });
});

describe('the watchdog of --debug', () => {
  const blocker = `
    process.on('SIGUSR2', function blocker() {
      const end = performance.now() + 300;
      while (performance.now() < end) Math.sqrt(2);
    });`;

  it('names what has blocked the event loop, when that is over', async () => {
    const { server, release } = await heldServer();
    const run = startWith(blocker, [server.url, '--debug', '--log-level', 'warn', '-q']);
    await until(() => server.received.length === 1);
    run.child.kill('SIGUSR2');
    await until(() => run.said.text.includes('event loop blocked'));
    release.open();
    expect((await run.end).status).toBe(0);
    const told = /warn event loop blocked for (\d+) ms at: blocker \((\S+module\.mjs):(\d+):\d+\)/.exec(
      run.said.text,
    );
    expect(Number(told?.[1])).toBeGreaterThan(200);
    expect(['3', '4']).toContain(told?.[3]);
  });

  it('lets pass what is shorter than --slow-callback', async () => {
    const { server, release } = await heldServer();
    const args = ['--debug', '--slow-callback', '1m', '--log-level', 'warn', '-q'];
    const run = startWith(`${blocker} process.on('SIGHUP', () => process.stderr.write('over'))`, [
      server.url,
      ...args,
    ]);
    await until(() => server.received.length === 1);
    run.child.kill('SIGUSR2');
    run.child.kill('SIGHUP');
    await until(() => run.said.text !== '');
    release.open();
    expect(await run.end).toMatchObject({ status: 0, stderr: 'over' });
  });

  it('goes quietly when the run is stopped at once', async () => {
    const { server } = await heldServer();
    const run = startWith('', [server.url, '--debug', '--log-level', 'error', '-q']);
    await until(() => server.received.length === 1);
    run.child.kill('SIGINT');
    await until(() => run.said.text.includes('once more'));
    run.child.kill('SIGINT');
    const stderr = 'bulkfetch: stopping after the 1 in flight; once more to stop at once\n';
    expect(await run.end).toMatchObject({ status: 130, stderr });
  });
});

describe('transforms', () => {
  const slow = `export default function slow(record) {
    const end = performance.now() + 60;
    while (performance.now() < end) Math.sqrt(2);
    return record;
  }`;

  it('that keep their workers for long are told, those that only wait are not', async () => {
    const { url } = await serve({ '*': {} });
    const waiting = `import { setTimeout } from 'node:timers/promises';
      export default async (record) => (await setTimeout(60), record);`;
    const cwd = scratch({ 'slow.mjs': slow, 'waiting.mjs': waiting });
    const chain = ['--transform', './waiting.mjs', '--transform', './slow.mjs'];
    const args = [`${url}/a`, ...chain, '--debug', '--slow-callback', '50ms', '--log-format', 'json', '-q'];
    const { status, stderr } = await cli(args, { cwd });
    expect(status).toBe(0);
    const told = logLines(stderr).filter(({ event }) => event === 'transform-slow');
    expect(told).toMatchObject([{ level: 'warn', index: 0, id: '0', spec: './slow.mjs' }]);
    expect(told[0]?.['tookMs']).toBeGreaterThan(50);
  });

  it('that fail are told as any failure of a task is', async () => {
    const { url } = await serve({ '*': {} });
    const cwd = scratch({ 'throws.mjs': "export default () => { throw new Error('no') }" });
    const { status, stderr } = await cli(
      [`${url}/a`, '--transform', './throws.mjs', '--log-level', 'warn', ...patient],
      { cwd },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/warn task 0: failed after 1 attempt: TRANSFORM_FAILED: .*no: http/);
  });
});

describe('wrong values, exit 2', () => {
  const needs = 'needs a --debug, whose log it is about';
  it.each<[string, string[], string]>([
    ['--log-level', ['loud', '--debug'], 'must be error, warn, info or debug'],
    ['--log-format', ['xml', '--debug'], 'must be text or json'],
    [
      '--slow-callback',
      ['soon', '--debug'],
      'must be a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds), not "soon"',
    ],
    ['--log-level', ['info'], needs],
    ['--log-format', ['json'], needs],
    ['--slow-callback', ['10ms'], needs],
  ])('%s %j', async (flag, values, said) => {
    const result = await cli(['http://127.0.0.1:1/', flag, ...values]);
    expect(result).toEqual({ status: 2, stdout: '', stderr: `bulkfetch: ${flag}: ${said}\n` });
  });
});
