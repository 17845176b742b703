import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, sorted, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '/gone': { status: 404 }, '*': { body: 'ok' } });
const { url } = server;
afterAll(() => server.close());

/** The paths fetched, in input order. */
function paths(stdout: string): string[] {
  return sorted(stdout).map((line) => line.url.replace(url, ''));
}

describe('a file of URLs', () => {
  const files = [
    { name: 'plain', text: `${url}/1\n${url}/2\n` },
    { name: 'without a final newline', text: `${url}/1\n${url}/2` },
    { name: 'with CRLF', text: `${url}/1\r\n${url}/2\r\n` },
    { name: 'with a byte order mark', text: `\uFEFF${url}/1\n${url}/2\n` },
    { name: 'with blank lines and comments', text: `# first\n\n${url}/1\n   \n# second\n${url}/2\n\n` },
  ];

  it.each(files)('$name', async ({ text }) => {
    const cwd = scratch({ 'urls.txt': text });
    const { status, stdout, stderr } = await cli(['urls.txt', '-q'], { cwd });
    expect({ status, stderr, paths: paths(stdout) }).toEqual({ status: 0, stderr: '', paths: ['/1', '/2'] });
  });

  it('gives a line that is no URL a record and a place, and does the others', async () => {
    const cwd = scratch({ 'urls.txt': `${url}/1\n\nnot a URL\nftp://host/file\n${url}/2\n` });
    const { status, stdout, stderr } = await cli(['urls.txt', '-q'], { cwd });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'bulkfetch: urls.txt:3: not a URL: "not a URL"\n' +
        'bulkfetch: urls.txt:4: neither http nor https: "ftp://host/file"\n',
    );
    expect(
      sorted(stdout).map(({ ok, attempts, error }) => ({
        ok,
        attempts,
        kind: error?.kind,
        code: error?.code,
      })),
    ).toEqual([
      { ok: true, attempts: 1, kind: undefined, code: undefined },
      { ok: false, attempts: 0, kind: 'input', code: 'INVALID_URL' },
      { ok: false, attempts: 0, kind: 'input', code: 'UNSUPPORTED_SCHEME' },
      { ok: true, attempts: 1, kind: undefined, code: undefined },
    ]);
  });
});

describe('several sources', () => {
  it('are one list, numbered throughout', async () => {
    const cwd = scratch({ 'a.txt': `${url}/a1\n${url}/a2\n`, 'b.txt': `${url}/b1\n` });
    const stdin = `${url}/stdin\n`;
    const { status, stdout } = await cli(['a.txt', `${url}/[8-9]`, '-', 'b.txt', '-q'], { cwd, stdin });
    expect(status).toBe(0);
    expect(paths(stdout)).toEqual(['/a1', '/a2', '/8', '/9', '/stdin', '/b1']);
    expect(sorted(stdout).map(({ index, id }) => ({ index, id }))).toEqual(
      Array.from({ length: 6 }, (_, index) => ({ index, id: String(index) })),
    );
  });
});

describe('URLs on the command line', () => {
  it.each([
    { args: [`${url}/[1-3]`], expected: ['/1', '/2', '/3'] },
    { args: [`${url}/{a,b}/[01-02]`], expected: ['/a/01', '/a/02', '/b/01', '/b/02'] },
    { args: ['-g', `${url}/[1-3]`], expected: ['/[1-3]'] },
    { args: ['--globoff', `${url}/{a,b}`], expected: ['/%7Ba,b%7D'] },
    {
      args: ['--ids', '7,9-10,x', `${url}/users/{id}`],
      expected: ['/users/7', '/users/9', '/users/10', '/users/x'],
    },
  ])('$args', async ({ args, expected }) => {
    const { status, stdout } = await cli([...args, '-q']);
    expect({ status, paths: paths(stdout) }).toEqual({ status: 0, paths: expected });
  });

  it('are known by the ids that fill them', async () => {
    const { stdout } = await cli([`${url}/{id}`, '--ids', '7,x', '-q']);
    expect(sorted(stdout).map(({ id }) => id)).toEqual(['7', 'x']);
  });
});

describe('standard input', () => {
  it('is fetched while more is still to come', async () => {
    const child = startCli(['-', '-q']);
    child.stdin.write(`${url}/first\n`);
    await until(() => server.hits('/first') === 1);
    child.stdin.write(`${url}/second\n${url}/thi`);
    await until(() => server.hits('/second') === 1);
    child.stdin.end('rd');
    const { status, stdout } = await ended(child);
    expect({ status, paths: paths(stdout) }).toEqual({ status: 0, paths: ['/first', '/second', '/third'] });
  });
});

describe('the outcome', () => {
  it('is 0 when every task is ok', async () => {
    expect(await cli([`${url}/1`, '-q'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('is 1 when one task failed', async () => {
    const { status, stdout, stderr } = await cli([`${url}/{fine,gone,too}`, '-q']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(sorted(stdout).map((line) => line.status)).toEqual([200, 404, 200]);
  });

  it.each([
    {
      name: 'a file that is not there',
      args: ['nowhere.txt'],
      stderr: 'bulkfetch: nowhere.txt: no such file\n',
    },
    { name: 'a directory', args: ['.'], stderr: 'bulkfetch: .: is a directory\n' },
    {
      name: 'an empty file',
      args: ['empty.txt'],
      stderr: 'bulkfetch: no task: there is no URL in empty.txt\n',
    },
    {
      name: 'only comments',
      args: ['comments.txt', 'empty.txt'],
      stderr: 'bulkfetch: no task: there is no URL in comments.txt, empty.txt\n',
    },
    { name: 'an empty standard input', args: ['-'], stderr: 'bulkfetch: no task: there is no URL in -\n' },
    {
      name: 'standard input twice',
      args: ['-', '-'],
      stderr: 'bulkfetch: - (standard input) can be read only once\n',
    },
    {
      name: 'a range without an end',
      args: ['http://127.0.0.1/[1-'],
      stderr:
        String.raw`bulkfetch: unclosed bracket in URL at position 18: http://127.0.0.1/[1- (globs are [1-100], [001-100:10], [a-z] and {a,b}; write \[ for a bracket, or --globoff)` +
        '\n',
    },
    {
      name: '{id} without --ids',
      args: ['http://127.0.0.1/{id}'],
      stderr:
        String.raw`bulkfetch: {id} in http://127.0.0.1/{id}: did you mean --ids? (write \{id\} for the text itself)` +
        '\n',
    },
    {
      name: '--ids without {id}',
      args: ['http://127.0.0.1/', '--ids', '1-3'],
      stderr: 'bulkfetch: --ids needs {id} in the URL: http://127.0.0.1/\n',
    },
    {
      name: 'no argument',
      args: [],
      stderr:
        'bulkfetch: nothing to fetch: give URLs, a file of URLs, or - for standard input (see --help)\n',
    },
  ])('is 2 for $name, which is said', async ({ args, stderr }) => {
    const cwd = scratch({ 'empty.txt': '', 'comments.txt': '# nothing\n\n' });
    expect(await cli(args, { cwd })).toEqual({ status: 2, stdout: '', stderr });
  });

  it('is 2 for a missing file among others, and nothing is fetched', async () => {
    const { status, stdout } = await cli([`${url}/never`, 'nowhere.txt']);
    expect({ status, records: lines(stdout) }).toEqual({ status: 2, records: [] });
    expect(server.hits('/never')).toBe(0);
  });
});
