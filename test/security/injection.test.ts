import { describe, expect, it } from 'vitest';
import { fetchAll, type Settings } from '../fetch/behaviour/fetching.ts';
import { buildRequest } from '../../src/model/request.ts';
import { resolveOptions } from '../../src/model/options/options.ts';
import type { Task } from '../../src/model/task.ts';
import { openSources, type TaskInput } from '../../src/sources/index.ts';
import type { SourceSettings } from '../../src/sources/index.ts';
import { inTurn, onRequest, send } from '../servers/acts.ts';
import { whole } from '../servers/answers.ts';
import { requestHeads } from '../servers/heads.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { rawServer } from '../servers/raw.ts';
import { bytes, readAll, settings } from '../sources/settings.ts';
import { BulkFetch } from '../../src/run.ts';

failOnLeaks();

const base = buildRequest(resolveOptions());

/** What could end a line, if it got through raw. */
const breaks = [
  ['CR LF', '\r\n'],
  ['LF', '\n'],
  ['CR', '\r'],
  ['NUL', '\0'],
  ['characters whose low byte is CR LF', '\u010d\u010a'],
  ['a Unicode line separator', '\u2028'],
] as const;

/** What comes over the wire, head by head, when these tasks are fetched. */
async function headsOf(tasksTo: (url: string) => Promise<readonly Task[]>): Promise<string[]> {
  const heads: string[] = [];
  await using server = await rawServer(async (socket, connection) => {
    for await (const head of requestHeads(socket)) {
      heads.push(head);
      await send(whole('ok'))(socket, connection);
    }
  });
  const tasks = await tasksTo(server.url);
  const run = new BulkFetch(
    (async function* () {
      yield tasks;
    })(),
    resolveOptions({ retry: 0, timeout: 2000 }),
  );
  for await (const _ of run);
  return heads;
}

/** One request, of one request line and the fields that there should be. */
function expectOneRequest(heads: readonly string[]): void {
  expect(heads).toHaveLength(1);
  const lines = heads[0]!.split('\r\n');
  expect(lines[0]).toMatch(/^[A-Z]+ \/[!-~]* HTTP\/1\.1$/);
  expect(heads[0]).not.toMatch(/^x-injected/im);
  expect(heads[0]!.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
}

/** Tasks of a text, as the command line would read it. */
async function tasksOf(text: string, overrides: Partial<SourceSettings> = {}): Promise<Task[]> {
  return readAll(await openSources(['-'], settings({ stdin: bytes(text), request: base, ...overrides })));
}

const templatesOf = (url: string, header: string[] = [], json?: string, data?: string) => ({
  url,
  header,
  json,
  data,
});

describe.each(breaks)('%s', (_, breaking) => {
  const evil = ['x', 'GET /smuggled HTTP/1.1', 'X-Injected: 1'].join(breaking);

  it('in the URL of a list', async () => {
    // Line ends end the line there: what follows is a line of its own, and no URL.
    expectOneRequest(await headsOf((url) => tasksOf(`${url}/${evil}\n`, { inputFormat: 'lines' })));
  });

  it('in the URL of a task', async () => {
    expectOneRequest(await headsOf((url) => tasksOf(`${JSON.stringify({ url: `${url}/${evil}` })}\n`)));
  });

  it.each(['{v}', '{+v}', '{/v}', '{?v}', '{#v}', '{;v}'])('in a row, for %s in the URL', async (place) => {
    const row = `${JSON.stringify({ v: evil })}\n`;
    const options = (url: string) => ({
      inputFormat: 'jsonl' as const,
      templates: templatesOf(`${url}/${place}`),
    });
    expectOneRequest(await headsOf((url) => tasksOf(row, options(url))));
  });

  it.each([
    ['the value of a header field', { headers: { 'X-A': evil } }],
    ['one of several values', { headers: { 'X-A': ['fine', evil] } }],
    ['the name of a header field', { headers: { [evil]: 'x' } }],
    ['the method', { method: evil }],
    ['Host', { headers: { Host: evil } }],
    ['Cookie', { headers: { Cookie: evil } }],
  ])('in a task, as %s', async (_name, parts) => {
    const task = (url: string) => tasksOf(`${JSON.stringify({ url, ...parts })}\n`);
    const [made] = await task('http://127.0.0.1/');
    expect(made?.invalid?.code).toBe('INVALID_TASK');
    expect(made?.invalid?.message).not.toMatch(/[\r\n\0]/);
    expect(await headsOf(task)).toEqual([]);
  });

  it('in a row, for a place in -H', async () => {
    const overrides = (url: string) => ({
      inputFormat: 'jsonl' as const,
      templates: templatesOf(url, ['X-A: {v}']),
    });
    const row = `${JSON.stringify({ v: evil })}\n`;
    const [made] = await tasksOf(row, overrides('http://127.0.0.1/'));
    expect(made?.invalid?.code).toBe('INVALID_ROW');
    expect(await headsOf((url) => tasksOf(row, overrides(url)))).toEqual([]);
  });

  it.each<[string, (evil: string) => Settings]>([
    ['--header', (text) => ({ header: [`X-A: ${text}`] })],
    ['the name of --header', (text) => ({ header: [`${text}: x`] })],
    ['--request', (text) => ({ method: text })],
    ['--user-agent', (text) => ({ userAgent: text })],
    ['--bearer', (text) => ({ bearer: text })],
    ['--cookie', (text) => ({ cookie: [`a=${text}`] })],
  ])('in %s', async (_name, settingsOf) => {
    await expect(fetchAll([], settingsOf(evil))).rejects.toThrow(/^--/);
  });
});

describe('a value stays in its place', () => {
  it.each([
    ['http://h/u/{v}', '../admin', 'http://h/u/..%2Fadmin'],
    ['http://h/u/{v}', '..', undefined],
    ['http://h/u/{v}/x', '.', undefined],
    ['http://h/u/{v}', '%2e%2e', 'http://h/u/%252e%252e'],
    ['http://h/u/{v}', 'a?admin=1', 'http://h/u/a%3Fadmin%3D1'],
    ['http://h/u/{v}', 'a#b', 'http://h/u/a%23b'],
    ['http://h/u?q={v}', 'a&admin=1', 'http://h/u?q=a%26admin%3D1'],
    ['http://h/u{?v}', 'a&admin=1', 'http://h/u?v=a%26admin%3D1'],
    ['http://h/u/{v}', String.raw`a\..\b`, 'http://h/u/a%5C..%5Cb'],
    ['http://{v}.h/', 'evil.test/', undefined],
    ['http://{v}.h/', 'me@evil.test#', undefined],
    ['http://{v}.h/', 'evil.test:80?', undefined],
  ])('%s with %j', async (url, v, expected) => {
    const row = `${JSON.stringify({ v })}\n`;
    const [task] = await tasksOf(row, { inputFormat: 'jsonl', templates: templatesOf(url) });
    expect(task?.invalid === undefined ? task?.url : undefined).toBe(expected);
  });

  it.each([
    ['..', undefined],
    ['.', undefined],
    ['../admin', 'http://h/u/..%2Fadmin/x'],
    ['a?b#c', 'http://h/u/a%3Fb%23c/x'],
    ['...', 'http://h/u/.../x'],
  ])('of --ids: %j', async (ids, expected) => {
    const source = await openSources(['http://h/u/{id}/x'], settings({ ids, request: base }));
    const [task] = await readAll(source);
    expect(task?.invalid === undefined ? task?.url : undefined).toBe(expected);
  });

  it.each([
    ['{"a":"{v}"}', '","admin":"1', { a: '","admin":"1' }],
    ['{"a":"{v}"}', '\\', { a: '\\' }],
    ['{"a":"{v}"}', '\n\u2028', { a: '\n\u2028' }],
    ['{"a":{v}}', '1,"admin":1', { a: '1,"admin":1' }],
  ])('of the JSON %s: %j', async (json, v, expected) => {
    const row = `${JSON.stringify({ v })}\n`;
    const templates = templatesOf('http://h/', [], json);
    const [task] = await tasksOf(row, { inputFormat: 'jsonl', templates });
    expect(JSON.parse(String(task?.request.body ?? 'null'))).toEqual(expected);
  });

  it.each(['a&admin=1', 'a=b', 'a+b c', '%26', 'ü'])('of the form a={v}: %j', async (v) => {
    const row = `${JSON.stringify({ v })}\n`;
    const templates = templatesOf('http://h/', [], undefined, 'a={v}&b=2');
    const [task] = await tasksOf(row, { inputFormat: 'jsonl', templates });
    expect([...new URLSearchParams(String(task?.request.body ?? ''))]).toEqual([
      ['a', v],
      ['b', '2'],
    ]);
  });
});

describe('how the message is framed is for nobody to say', () => {
  const framing = [
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Upgrade',
    'TE',
    'Trailer',
    'Keep-Alive',
    'Expect',
  ];

  it.each(framing)('%s', async (name) => {
    await expect(fetchAll([], { header: [`${name}: 5`] })).rejects.toThrow(/is set by bulkfetch itself/);
    const inputs: TaskInput[] = [name, name.toUpperCase()].map((one) => ({
      url: 'http://127.0.0.1:1/',
      headers: { [one]: '5' },
    }));
    const records = await fetchAll(inputs);
    expect(records.map(({ attempts, error }) => [attempts, error?.code])).toEqual([
      [0, 'INVALID_TASK'],
      [0, 'INVALID_TASK'],
    ]);
  });

  it('CONNECT opens no tunnel', async () => {
    await expect(fetchAll([], { method: 'CONNECT' })).rejects.toThrow(/CONNECT opens tunnels/);
    const [record] = await fetchAll([{ url: 'http://127.0.0.1:1/', method: 'CONNECT' }]);
    expect(record).toMatchObject({ attempts: 0, error: { code: 'INVALID_TASK' } });
  });
});

it('a server cannot put a request into the next one', async () => {
  const heads: string[] = [];
  await using server = await rawServer(
    inTurn(async (socket, connection) => {
      for await (const head of requestHeads(socket)) {
        heads.push(head);
        const at = Buffer.from('/é\tx\u0085', 'utf8').toString('latin1');
        await send(heads.length === 1 ? whole('', [`Location: ${at}`]).replace('200', '302') : whole('ok'))(
          socket,
          connection,
        );
      }
    }, onRequest()),
  );
  await fetchAll([server.url], { retry: 0 });
  expect(heads).toHaveLength(2);
  expect(heads[1]).toMatch(/^GET \/%C3%A9x%C2%85 HTTP\/1\.1\r\n/);
});
