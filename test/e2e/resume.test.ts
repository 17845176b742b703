import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scriptedServer, type ScriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, sorted, startCli, type CliResult } from './cli.ts';
import { scratch } from './scratch.ts';

/** Answers every path by its name; `/bad/…` with the status that stands there. */
function server(): Promise<ScriptedServer> {
  return scriptedServer({
    '*': ({ target }) => {
      const status = /^\/bad\/(\d+)/.exec(target)?.[1];
      return { status: Number(status ?? 200), headers: { 'content-type': 'text/plain' }, body: target };
    },
  });
}

/** A folder in which runs have an output, and what they make of it. */
function workplace(files: Readonly<Record<string, string>> = {}) {
  const cwd = scratch(files);
  const file = (name: string) => path.join(cwd, name);
  return {
    cwd,
    file,
    run: (...args: readonly string[]): Promise<CliResult> => cli([...args, '-q'], { cwd }),
    text: (name = 'out.jsonl') => fs.readFileSync(file(name), 'utf8'),
    indexes: (name = 'out.jsonl') => lines(fs.readFileSync(file(name), 'utf8')).map(({ index }) => index),
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const ok = { status: 0, stdout: '', stderr: '' };

describe('--resume', () => {
  it('begins, goes on with what is missing, and ends: the same command each time', async () => {
    await using api = await server();
    const { cwd, run, indexes, text } = workplace();
    const args = [`${api.url}/[0-9]`, '-o', 'out.jsonl', '--resume'];
    expect(await run(...args, '--limit', '4')).toEqual(ok);
    expect(indexes().toSorted((a, b) => a - b)).toEqual(upTo(4));
    const before = text();
    const { status, stderr } = await cli([...args, '--summary', 'summary.json'], { cwd });
    expect(status).toBe(0);
    expect(stderr).toContain('bulkfetch: resuming after 4 of 10 tasks\n\n6 tasks in ');
    expect(JSON.parse(text('summary.json'))).toMatchObject({
      tasks: { total: 6 },
      resumed: { done: 4, failed: 0 },
    });
    expect(text().startsWith(before)).toBe(true);
    expect(indexes().toSorted((a, b) => a - b)).toEqual(upTo(10));
    expect(await cli(args, { cwd })).toEqual({
      ...ok,
      stderr: 'bulkfetch: resuming after 10 of 10 tasks\nbulkfetch: nothing was left to fetch\n',
    });
    expect(api.received).toHaveLength(10);
  });

  it('fetches the task of a torn line again', async () => {
    await using api = await server();
    const { run, file, text, indexes } = workplace();
    const args = [`${api.url}/[0-4]`, '-o', 'out.jsonl'];
    await run(...args, '--ordered');
    const whole = text();
    const end = whole.length;
    const lastLine = whole.lastIndexOf('\n', end - 2) + 1;
    for (const cut of [end - 1, lastLine + 1, lastLine, 0]) {
      fs.writeFileSync(file('out.jsonl'), whole.slice(0, cut));
      expect(await run(...args, '--resume')).toEqual(ok);
      expect(indexes().toSorted((a, b) => a - b)).toEqual(upTo(5));
    }
  });

  it.each([
    ['out.jsonl.gz', (bytes: Buffer) => String(zlib.gunzipSync(bytes))],
    ['out.jsonl.zst', undefined],
  ])('goes on with %s, wherever it was cut', async (name, decode) => {
    await using api = await server();
    const { run, file, cwd } = workplace();
    const args = [`${api.url}/[0-19]`, '-o', name, '-c', '3'];
    await run(...args);
    const whole = fs.readFileSync(file(name));
    for (const share of [0.99, 0.4]) {
      fs.writeFileSync(file(name), whole.subarray(0, Math.floor(share * whole.length)));
      expect(await run(...args, '--resume')).toEqual(ok);
      if (decode !== undefined) {
        const text = decode(fs.readFileSync(file(name)));
        expect(sorted(text).map(({ index }) => index)).toEqual(upTo(20));
      }
      const { stdout } = await cli(['status', name, '--format', 'json'], { cwd });
      expect(JSON.parse(stdout)).toMatchObject({ complete: true, done: 20, ok: 20, duplicates: 0 });
    }
  });

  it('keeps failures, which count for the exit status', async () => {
    await using api = await server();
    const { run, indexes } = workplace({ 'urls.txt': `${api.url}/1\n${api.url}/bad/404\n${api.url}/2\n` });
    const args = ['urls.txt', '-o', 'out.jsonl', '--resume'];
    expect(await run(...args, '--limit', '2')).toEqual({ ...ok, status: 1 });
    expect(await run(...args)).toEqual({ ...ok, status: 1 });
    expect(await run(...args)).toEqual({ ...ok, status: 1 });
    expect(indexes()).toHaveLength(3);
    expect(api.hits('/bad/404')).toBe(1);
  });

  it('has the same part of the tasks with --shard', async () => {
    await using api = await server();
    const { run, indexes } = workplace();
    const args = [`${api.url}/[0-99]`, '-o', 'out.jsonl', '--shard', '2/3'];
    await run(...args);
    const whole = indexes().toSorted((a, b) => a - b);
    await run(...args, '--limit', '10');
    expect(await run(...args, '--resume')).toEqual(ok);
    expect(indexes().toSorted((a, b) => a - b)).toEqual(whole);
  });

  it('goes on in order with --ordered', async () => {
    await using api = await server();
    const { run, file, text, indexes } = workplace();
    const args = [`${api.url}/[0-49]`, '-o', 'out.jsonl', '--ordered'];
    await run(...args);
    fs.truncateSync(file('out.jsonl'), Math.floor(text().length / 3));
    expect(await run(...args, '--resume')).toEqual(ok);
    expect(indexes()).toEqual(upTo(50));
  });

  it('works with a list on standard input that comes again', async () => {
    await using api = await server();
    const { cwd, file, text, indexes } = workplace();
    const stdin = upTo(30)
      .map((n) => `${api.url}/${n}\n`)
      .join('');
    const args = ['-', '-o', 'out.jsonl', '-q'];
    await cli(args, { cwd, stdin });
    fs.truncateSync(file('out.jsonl'), Math.floor(text().length / 2));
    expect(await cli([...args, '--resume'], { cwd, stdin })).toEqual(ok);
    expect(indexes().toSorted((a, b) => a - b)).toEqual(upTo(30));
  });

  it('reads lines that have only some fields', async () => {
    await using api = await server();
    const { run, text } = workplace();
    const args = [`${api.url}/[0-9]`, '-o', 'out.jsonl', '--fields', 'status,index', '--resume'];
    await run(...args, '--limit', '3');
    expect(await run(...args)).toEqual(ok);
    expect(text().split('\n').sort()).toEqual([
      '',
      ...upTo(10).map((index) => `{"status":200,"index":${index}}`),
    ]);
  });
});

describe('--resume and files of bodies', () => {
  it('takes no name twice, and puts another file in the place of one without a record', async () => {
    await using api = await server();
    const tasks = ['a', 'a', 'b'].map((id, n) => `${JSON.stringify({ id, url: `${api.url}/${n}` })}\n`);
    const { run, file, text } = workplace({ 'tasks.jsonl': tasks.join('') });
    const args = ['tasks.jsonl', '-o', 'out.jsonl', '--save-dir', 'bodies', '--resume', '--ordered'];
    await run(...args, '--limit', '1');
    fs.writeFileSync(file('bodies/a-2.txt'), 'saved by a run that was killed before the record');
    fs.writeFileSync(file('bodies/b.txt'), 'so was this');
    expect(await run(...args)).toEqual(ok);
    const saved = lines(text()).map((line) => [line.file, fs.readFileSync(file(line.file ?? ''), 'utf8')]);
    expect(saved).toEqual([
      ['bodies/a.txt', '/0'],
      ['bodies/a-2.txt', '/1'],
      ['bodies/b.txt', '/2'],
    ]);
    expect(fs.readdirSync(file('bodies')).sort()).toEqual(['a-2.txt', 'a.txt', 'b.txt']);
  });
});

describe('--resume and several outputs', () => {
  it('gives each what it lacks, once', async () => {
    await using api = await server();
    const { run, file, text, indexes } = workplace();
    const args = [`${api.url}/[0-9]`, '-o', 'a.jsonl', '-o', 'b.jsonl', '--ordered'];
    await run(...args);
    const linesOf = (name: string, from: number, to: number) =>
      text(name)
        .split('\n')
        .slice(from, to)
        .map((line) => `${line}\n`)
        .join('');
    fs.writeFileSync(file('a.jsonl'), linesOf('a.jsonl', 0, 7));
    fs.writeFileSync(file('b.jsonl'), linesOf('b.jsonl', 2, 5));
    const before = api.received.length;
    expect(await run(...args, '--resume')).toEqual(ok);
    expect(indexes('a.jsonl')).toEqual(upTo(10));
    expect(indexes('b.jsonl').toSorted((a, b) => a - b)).toEqual(upTo(10));
    expect(api.received.length - before).toBe(7);
  });
});

describe('--resume and pages', () => {
  it('goes on with the page after the last one that is there', async () => {
    await using api = await scriptedServer({
      '*': ({ target }) => {
        const page = Number(new URL(target, 'http://a').searchParams.get('page') ?? 1);
        return { headers: page < 5 ? { link: `<?page=${page + 1}>; rel="next"` } : {}, body: target };
      },
    });
    const { cwd, run, file, text } = workplace();
    const args = [`${api.url}/list`, `${api.url}/other`, '-o', 'out.jsonl', '--next', 'link'];
    await run(...args, '--ordered');
    const whole = text();
    const places = (jsonl: string) => sorted(jsonl).map(({ index, page, body }) => [index, page, body]);
    fs.writeFileSync(file('out.jsonl'), whole.split('\n').slice(0, 3).join('\n') + '\n{"torn');
    const before = api.received.length;
    const { status, stderr } = await cli([...args, '--resume'], { cwd });
    expect(stderr).toContain('2 ok · 0 failed · 7 pages');
    expect(status).toBe(0);
    expect(places(text())).toEqual(places(whole));
    expect(
      api.received
        .slice(before)
        .map(({ target }) => target)
        .sort()[0],
    ).toBe('/list?page=4');
    expect(api.received.length - before).toBe(7);
  });

  it('goes on where fewer were wanted before, and still sees a circle', async () => {
    await using api = await scriptedServer({
      '*': ({ target }) => ({ headers: { link: `<${target === '/a' ? '/b' : '/a'}>; rel="next"` } }),
    });
    const { run, text } = workplace();
    const args = [`${api.url}/a`, '-o', 'out.jsonl', '--next', 'link', '--resume'];
    expect(await run(...args, '--max-pages', '2')).toEqual(ok);
    expect(await run(...args, '--max-pages', '2')).toEqual(ok);
    expect(await run(...args)).toEqual({ ...ok, status: 1 });
    expect(lines(text()).map(({ page, error }) => [page, error?.code])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'PAGE_LOOP'],
    ]);
    expect(api.received).toHaveLength(2);
  });
});

describe('--retry-failed', () => {
  const paths = ['/1', '/bad/404', '/bad/503', '/2', '/bad/500'];

  it.each([
    ['--retry-failed', [404, 500, 503]],
    ['--retry-failed=status=503,500', [500, 503]],
    ['--retry-failed=HTTP_STATUS', [404, 500, 503]],
    ['--retry-failed=timeout,dns', []],
  ])('%s', async (flag, again) => {
    await using api = await server();
    const { run, text } = workplace({ 'urls.txt': paths.map((one) => `${api.url}${one}\n`).join('') });
    const args = ['urls.txt', '-o', 'out.jsonl', '--retry', '0'];
    await run(...args);
    const before = api.received.length;
    expect(await run(...args, '--resume', flag)).toEqual({ ...ok, status: 1 });
    expect(
      api.received
        .slice(before)
        .map(({ target }) => Number(target.slice(5)))
        .sort((a, b) => a - b),
    ).toEqual(again);
    expect(sorted(text()).map(({ status }) => status)).toEqual([200, 404, 503, 200, 500]);
  });

  it('takes the old records of what then succeeds out', async () => {
    let isUp = false;
    await using api = await scriptedServer({ '*': () => ({ status: isUp ? 200 : 503 }) });
    const { run, text } = workplace();
    const args = [`${api.url}/[0-9]`, '-o', 'out.jsonl', '--retry', '0'];
    expect((await run(...args)).status).toBe(1);
    isUp = true;
    expect(await run(...args, '--resume', '--retry-failed')).toEqual(ok);
    expect(sorted(text()).map(({ index, status }) => [index, status])).toEqual(
      upTo(10).map((index) => [index, 200]),
    );
  });
});

describe('what was sent before a kill, and may not be sent twice', () => {
  async function killedPost(api: ScriptedServer) {
    const place = workplace();
    const args = [`${api.url}/[0-4]`, '-d', 'x', '-o', 'out.jsonl'];
    await place.run(...args, '--limit', '2');
    fs.appendFileSync(place.file('out.jsonl.bulkfetch'), '{"sent":[0,1,3]}\n');
    const before = api.received.length;
    const sent = () =>
      api.received
        .slice(before)
        .map(({ target }) => target)
        .sort();
    return { ...place, args, sent };
  }

  it('ends as MAYBE_SENT', async () => {
    await using api = await server();
    const { run, args, text, sent } = await killedPost(api);
    expect(await run(...args, '--resume')).toEqual({ ...ok, status: 1 });
    expect(sent()).toEqual(['/2', '/4']);
    expect(sorted(text())[3]).toMatchObject({
      index: 3,
      ok: false,
      attempts: 0,
      error: { kind: 'aborted', code: 'MAYBE_SENT' },
    });
    expect(await run(...args, '--resume', '--retry-failed')).toEqual({ ...ok, status: 1 });
    expect(sent()).toEqual(['/2', '/4']);
    expect(await run(...args, '--resume', '--retry-failed', '--resend-unknown')).toEqual(ok);
    expect(sent()).toEqual(['/2', '/3', '/4']);
  });

  it('is nothing that has failed: that is sent again when it is to be', async () => {
    await using api = await server();
    const { run } = workplace();
    const args = [`${api.url}/bad/503`, '-d', 'x', '-o', 'out.jsonl', '--retry', '0'];
    await run(...args);
    expect(await run(...args, '--resume')).toEqual({ ...ok, status: 1 });
    expect(api.received).toHaveLength(1);
    expect(await run(...args, '--resume', '--retry-failed')).toEqual({ ...ok, status: 1 });
    expect(api.received).toHaveLength(2);
  });

  it('is sent with --resend-unknown', async () => {
    await using api = await server();
    const { run, args, sent } = await killedPost(api);
    expect(await run(...args, '--resume', '--resend-unknown')).toEqual(ok);
    expect(sent()).toEqual(['/2', '/3', '/4']);
  });
});

describe('is refused, and nothing is changed', () => {
  const refusals: [string, (url: string, file: (name: string) => string) => readonly string[], RegExp][] = [
    ['another URL', (url) => [`${url}/[1-3]`], /made from another URL; without --resume it is made anew\n$/],
    ['other sources', () => ['urls.txt'], /made from other sources/],
    ['more sources', (url) => [`${url}/[0-2]`, `${url}/4`], /made from 1 source, not from 2/],
    ['another method', (url) => [`${url}/[0-2]`, '-X', 'HEAD'], /made with another --request/],
    ['another body', (url) => [`${url}/[0-2]`, '-d', 'secret'], /made with another --data/],
    ['another shard', (url) => [`${url}/[0-2]`, '--shard', '1/2'], /made with another --shard/],
    ['other fields', (url) => [`${url}/[0-2]`, '--fields', 'index,id'], /made with another --fields/],
    [
      'fields without the index',
      (url) => [`${url}/[0-2]`, '--fields', 'id'],
      /--fields: --resume needs index/,
    ],
    [
      'a damaged line',
      (url, file) => (fs.writeFileSync(file('out.jsonl'), 'x\n'), [`${url}/[0-2]`]),
      /out.jsonl:1: no record/,
    ],
    [
      'no sidecar',
      (url, file) => (fs.rmSync(file('out.jsonl.bulkfetch')), [`${url}/[0-2]`]),
      /has no .*out.jsonl.bulkfetch beside it/,
    ],
  ];
  it.each(refusals)('%s', async (_, argsOf, message) => {
    await using api = await server();
    const { run, file, text } = workplace({ 'urls.txt': `${api.url}/1\n` });
    await run(`${api.url}/[0-2]`, '-o', 'out.jsonl');
    const args = argsOf(api.url, file);
    const before = text();
    const { status, stderr } = await run(...args, '-o', 'out.jsonl', '--resume');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    expect(text()).toBe(before);
    expect(api.received).toHaveLength(3);
    expect(stderr).not.toContain('secret');
  });

  it('a list that has changed', async () => {
    await using api = await server();
    const { run, file } = workplace({ 'urls.txt': `${api.url}/1\n` });
    await run('urls.txt', '-o', 'out.jsonl');
    fs.appendFileSync(file('urls.txt'), `${api.url}/2\n`);
    expect(await run('urls.txt', '-o', 'out.jsonl', '--resume')).toEqual({
      ...ok,
      status: 2,
      stderr:
        'bulkfetch: --resume: out.jsonl was made from another content of urls.txt; without --resume it is made anew\n',
    });
  });

  it('another list on standard input, told by the first task that differs', async () => {
    await using api = await server();
    const { cwd, text } = workplace();
    const args = ['-', '-o', 'out.jsonl', '-q'];
    await cli(args, { cwd, stdin: `${api.url}/a\n${api.url}/b\n` });
    const before = text();
    const stdin = `${api.url}/a\n${api.url}/c\n${api.url}/d\n`;
    expect(await cli([...args, '--resume'], { cwd, stdin })).toEqual({
      ...ok,
      status: 2,
      stderr: `bulkfetch: --resume: out.jsonl was made from another input: task 1 is now ${api.url}/c, and its record is of ${api.url}/b\n`,
    });
    expect(text()).toBe(before);
    expect(api.received).toHaveLength(2);
  });

  it.each([
    [
      ['--resume'],
      '--resume needs an output that is a file or a database, as in -o out.jsonl or --to sqlite:results.db',
    ],
    [
      ['--resume', '-o', '/dev/null'],
      '--resume needs an output that is a file or a database, as in -o out.jsonl or --to sqlite:results.db',
    ],
    [['-o', 'out.jsonl', '--retry-failed'], '--retry-failed is for going on with a run: give --resume too'],
    [
      ['-o', 'out.jsonl', '--resend-unknown'],
      '--resend-unknown is for going on with a run: give --resume too',
    ],
  ])('%j', async (flags, message) => {
    const { run } = workplace();
    expect(await run('http://127.0.0.1:1/', ...flags)).toEqual({
      ...ok,
      status: 2,
      stderr: `bulkfetch: ${message}\n`,
    });
  });

  it('a source that is taken for the causes', async () => {
    const { run } = workplace();
    const { status, stderr } = await run(
      '-o',
      'out.jsonl',
      '--resume',
      '--retry-failed',
      'urls.txt',
      'more.txt',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('--retry-failed: must be kinds, codes or statuses');
    expect(stderr).toContain('not "urls.txt"; before a source write --retry-failed=all');
  });
});

it('a second process is kept off the output while one runs, and not when that was killed', async () => {
  await using api = await scriptedServer({
    '*': (_, response, hit) => (hit === 1 ? void response.on('close', () => {}) : { body: 'ok' }),
  });
  const { cwd, run } = workplace();
  const args = [`${api.url}/a`, '-o', 'out.jsonl'];
  const child = startCli([...args, '-q'], { cwd });
  const end = ended(child);
  await until(() => api.flights.now === 1);
  for (const more of [[], ['--resume']]) {
    expect(await run(...args, ...more)).toEqual({
      ...ok,
      status: 2,
      stderr: 'bulkfetch: --output: another bulkfetch is writing out.jsonl\n',
    });
  }
  const { stdout } = await cli(['status', 'out.jsonl', '--format', 'json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ running: true, complete: false, done: 0, missing: 1 });
  child.kill('SIGKILL');
  await end;
  expect(await run(...args, '--resume')).toEqual(ok);
});

it('a run to standard output or a device leaves no sidecar', async () => {
  await using api = await server();
  const { cwd, run } = workplace();
  await run(`${api.url}/1`);
  await run(`${api.url}/1`, '-o', '/dev/null');
  expect(fs.readdirSync(cwd)).toEqual([]);
  expect(fs.existsSync('/dev/null.bulkfetch')).toBe(false);
});
