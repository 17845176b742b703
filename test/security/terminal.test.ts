import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, ended, lines } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { startOnTerminal } from '../e2e/terminal.ts';
import { onRequest, send } from '../servers/acts.ts';
import { whole } from '../servers/answers.ts';
import { rawServer, type RawServer } from '../servers/raw.ts';
import { requestHeads } from '../servers/heads.ts';

/** Sets the title, clears the screen, hides text, goes back over a line, reverses it. */
const osc = '\u001b]0;pwned\u0007';
const csi = '\u001b[2J\u001b[8m';
const c1 = '\u009b2J\u009d0;pwned\u009c\u0085';
const del = 'a\u007fb';
const bidi = '\u202egnp.exe\u2066';
const evil = `${osc}${csi}${c1}${del}${bidi}\rok`;

/** Anything that a terminal obeys, or that hides or reorders what it shows; a line break may be there. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** In the form that a header field can hold: Latin-1 without C0. */
const field = c1;

let server: RawServer;
beforeAll(async () => {
  server = await rawServer(async (socket, connection) => {
    for await (const head of requestHeads(socket)) {
      const path = /^\S+ \/([a-z]*)/.exec(head)?.[1] ?? '';
      await send(answers[path] ?? whole('ok'))(socket, connection);
    }
  });
});
afterAll(() => server.close());

const json = (text: string) =>
  whole(Buffer.from(text).toString('latin1'), ['Content-Type: application/json']);

const answers: Readonly<Record<string, string>> = {
  location: whole('', [`Location: ftp://${field}/`]).replace('200', '302'),
  encoding: whole('x', [`Content-Encoding: gzip, ${field}`]),
  reason: whole('').replace('200 OK', `500 ${field}`),
  next: json(JSON.stringify({ next: `mailto:${evil}` })),
  page: json(JSON.stringify({ next: `http://127.0.0.1:1/${evil}` })),
  badstatus: `HTTP/1.1 200 ${evil}\r\n\r\n`,
  badfield: whole('', [`X-A: ${csi}`]),
  redirect: whole('', [`Location: http://127.0.0.1:1/${field}`]).replace('200', '302'),
};

interface Case {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Shown, or in records: what shows that the case is the one that is meant. */
  readonly codes: readonly string[];
}

const evilCsv = `"${evil}"`;
const evilTasks = [
  { url: 'http://127.0.0.1:1/', id: evil },
  { url: 'http://127.0.0.1:1/', bodyFile: `/${evil}` },
  { url: 'http://127.0.0.1:1/', [evil]: 1 },
  { url: 'http://127.0.0.1:1/', headers: { [evil]: '1' } },
];
const config = (text: string): Pick<Case, 'args' | 'files'> => ({
  args: ['http://127.0.0.1:1/'],
  files: { 'bulkfetch.config.json': text },
});

describe('standard error shows raw no control character of', () => {
  it.each<[string, (url: string) => Case]>([
    [
      'status lines and header fields',
      (url) => ({
        args: [`${url}/{location,encoding,reason,badstatus,redirect}`, `${url}/badfield`],
        codes: ['BAD_LOCATION', 'UNSUPPORTED_ENCODING', 'HTTP_STATUS', 'BAD_RESPONSE', 'CONNECTION_REFUSED'],
      }),
    ],
    [
      'next pages',
      (url) => ({
        args: [`${url}/{next,page}`, '--next', '$.next'],
        codes: ['BAD_NEXT', 'CONNECTION_REFUSED'],
      }),
    ],
    [
      'lines',
      () => ({
        args: ['-'],
        stdin: `http://[${evil.replace('\r', '')}\nx:${c1}${bidi}${del}\n`,
        codes: ['INVALID_URL', 'UNSUPPORTED_SCHEME'],
      }),
    ],
    [
      'tasks',
      () => ({
        args: ['-'],
        stdin: evilTasks.map((task) => `${JSON.stringify(task)}\n`).join(''),
        codes: ['INVALID_TASK', 'CONNECTION_REFUSED', 'BODY_FILE'],
      }),
    ],
    ['a row', () => ({ args: ['in.csv'], files: { 'in.csv': `url\n${evilCsv}\n` }, codes: ['INVALID_URL'] })],
    [
      'columns',
      () => ({
        args: ['in.csv'],
        files: { 'in.csv': `${evilCsv},b\n1,2\n` },
        codes: ['there is no column url'],
      }),
    ],
    [
      'columns that are the same',
      () => ({
        args: ['in.csv', '--url', 'http://h/{b}'],
        files: { 'in.csv': `${evilCsv},${evilCsv},b\n1,2,3\n` },
        codes: ['is there twice'],
      }),
    ],
    [
      'a key of the configuration',
      () => ({ ...config(JSON.stringify({ [evil]: 1 })), codes: ['no such option'] }),
    ],
    [
      'a value of the configuration',
      () => ({ ...config(JSON.stringify({ concurrency: evil })), codes: ['must be auto or a whole number'] }),
    ],
    ['a configuration that is none', () => ({ ...config(`{${c1}`), codes: ['not valid JSON'] })],
    ['the name of a file', () => ({ args: [`nowhere${evil}`], codes: ['no such file'] })],
    [
      'a variable',
      (url) => ({ args: [url], env: { BULKFETCH_RETRY_DELAY: evil }, codes: ['must be a duration'] }),
    ],
    [
      'a token command',
      (url) => ({
        args: [url, '--token-command', String.raw`printf '\033]0;x\007\302\233' >&2; exit 1`],
        codes: ['it exited with status 1'],
      }),
    ],
  ])('%s', async (_, caseOf) => {
    const { args, codes, ...settings } = caseOf(server.url);
    const cwd = scratch(settings.files);
    const { stdout, stderr } = await cli([...args, '--retry', '0', '--timeout', '2s'], { ...settings, cwd });
    expect(codes.filter((code) => !stderr.includes(code))).toEqual([]);
    expect(stderr).not.toMatch(obeyed);
    expect(() => lines(stdout)).not.toThrow();
  });
});

describe('a terminal shows records', () => {
  const body = JSON.stringify({ evil: `${c1}${del}${bidi}\u{e0001}`, kept: 'ä 🙂\t"\\' });

  it.each([
    ['a JSON body', 'application/json', { evil: `${c1}${del}${bidi}\u{e0001}`, kept: 'ä 🙂\t"\\' }],
    ['a text', 'text/plain; charset=utf-8', body],
  ])('of %s without what it would obey, and means the same', async (_, type, meant) => {
    await using own = await rawServer(
      onRequest(send(whole(Buffer.from(body).toString('latin1'), [`Content-Type: ${type}`]))),
    );
    const shown = await ended(startOnTerminal([own.url, '-q', '--proxy', ''], ''));
    const text = shown.stdout.replaceAll('\r\n', '\n');
    expect(text).not.toMatch(obeyed);
    expect(lines(text)[0]?.body).toEqual(meant);
  });

  it('but a file has the bytes of the server', async () => {
    await using own = await rawServer(
      onRequest(send(whole(Buffer.from(body).toString('latin1'), ['Content-Type: application/json']))),
    );
    const cwd = scratch();
    const { stdout } = await cli([own.url, '-q', '-o', '-', '-o', 'out.jsonl'], { cwd });
    expect(stdout).toContain(`"body":${body}`);
    expect(readFileSync(`${cwd}/out.jsonl`, 'utf8')).toBe(stdout);
  });
});
