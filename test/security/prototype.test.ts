import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { cli, sorted } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { fetchAll, fetchOne } from '../fetch/behaviour/fetching.ts';
import { onRequest, send } from '../servers/acts.ts';
import { whole } from '../servers/answers.ts';
import { rawServer } from '../servers/raw.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { openSources } from '../../src/sources/index.ts';
import { bytes, readAll, settings } from '../sources/settings.ts';

/** Names that every object has, or that make another of it. */
const tricks = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'];

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

describe('a task', () => {
  it.each(tricks)('with the member %s is refused', async (name) => {
    const text = `{"url":"http://h/","${name}":{"polluted":true,"method":"DELETE"}}\n`;
    const [task] = await readAll(await openSources(['-'], settings({ stdin: bytes(text) })));
    expect(task?.invalid).toMatchObject({
      code: 'INVALID_TASK',
      message: expect.stringMatching(`^unknown key ${name}`),
    });
  });

  it('does not inherit its members', async () => {
    const text = '{"__proto__":{"url":"http://h/"}}\n';
    const source = await openSources(['-'], settings({ stdin: bytes(text), inputFormat: 'jsonl' }));
    const [task] = await readAll(source);
    expect(task?.invalid?.message).toMatch(/^url: is missing/);
  });

  it.each(tricks)('sends a header field and a form field %s, or says that it does not', async (name) => {
    await using server = await scriptedServer({ '*': {} });
    const task = (member: string) => JSON.parse(`{"url":"${server.url}","${member}":{"${name}":"x"}}`);
    const records = await fetchAll([task('headers'), task('form')]);
    if (name === '__proto__') {
      expect(records.map(({ error }) => error?.code)).toEqual(['INVALID_TASK', 'INVALID_TASK']);
    } else {
      expect(records.map(({ ok }) => ok)).toEqual([true, true]);
      expect(server.received.map(({ rawHeaders, body }) => rawHeaders.includes(name) || body)).toContain(
        true,
      );
      expect(server.received.map(({ body }) => body)).toContain(`${name}=x`);
    }
  });

  it.each(tricks)('keeps %s in meta as it is', async (name) => {
    await using server = await scriptedServer({ '*': {} });
    const meta: unknown = JSON.parse(`{"${name}":{"polluted":true}}`);
    const [record] = await fetchAll([{ url: server.url, meta }]);
    expect(JSON.stringify(record?.meta)).toBe(`{"${name}":{"polluted":true}}`);
  });
});

describe('a row', () => {
  it.each(tricks)('has a column %s only when it has it', async (name) => {
    const rows = async (format: 'csv' | 'jsonl', text: string) =>
      readAll(
        await openSources(
          ['-'],
          settings({
            stdin: bytes(text),
            inputFormat: format,
            templates: { url: `http://h/{${name}}`, header: [], json: undefined, data: undefined },
          }),
        ),
      );
    const [csv] = await rows('csv', `${name},b\nvalue,2\n`);
    expect(csv?.url).toBe('http://h/value');
    expect(JSON.stringify(csv?.meta)).toBe(`{"${name}":"value","b":"2"}`);
    const [has, hasNot] = await rows('jsonl', `{"${name}":"value"}\n{"b":2}\n`);
    expect(has?.url).toBe('http://h/value');
    expect(hasNot?.invalid?.code).toBe('INVALID_ROW');
  });
});

describe('a configuration', () => {
  it('with such keys is refused', async () => {
    const keys = tricks.map((name) => `"${name}": {"insecure": true}`);
    const cwd = scratch({ 'bulkfetch.config.json': `{\n${keys.join(',\n')}\n}` });
    const { status, stderr } = await cli(['config'], { cwd });
    expect(status).toBe(2);
    const said = tricks.map((name, at) => `bulkfetch.config.json:${at + 2}: ${name}: no such option`);
    expect(stderr.split('\n').filter((line, at) => !line.includes(said[at] ?? ''))).toEqual([]);
  });

  it('takes nothing from inside of a value, and nothing from such variables', async () => {
    const cwd = scratch({ 'bulkfetch.config.json': '{"header": ["X: 1"], "timeout": "3s"}' });
    const env = Object.fromEntries(tricks.map((name) => [`BULKFETCH_${name.toUpperCase()}`, 'true']));
    const { status, stdout } = await cli(['config'], { cwd, env });
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/proto|constructor|prototype/i);
  });

  it('that was only found runs no command', async () => {
    const cwd = scratch({ 'bulkfetch.config.json': '{"tokenCommand": "touch ran"}' });
    const { status, stderr } = await cli(['http://127.0.0.1:1/'], { cwd });
    expect(status).toBe(2);
    expect(stderr).toContain('a command is run only from a file that you name');
  });
});

describe('a server', () => {
  it.each(tricks)('may send a header field and a cookie %s', async (name) => {
    await using server = await rawServer(
      onRequest(send(whole('ok', [`${name}: 1`, `${name}: 2`, `Set-Cookie: ${name}=x`, 'location: no']))),
    );
    const record = await fetchOne(server.url, { cookie: [''] });
    expect(record).toMatchObject({ ok: true, body: 'ok' });
    expect(Object.hasOwn(record.headers ?? {}, name.toLowerCase())).toBe(true);
  });

  it.each(tricks)('leads to no page by %s', async (name) => {
    await using server = await scriptedServer({
      '*': { headers: { 'content-type': 'application/json' }, body: '{"next":{}}' },
    });
    const records = await fetchAll([server.url], { next: `$.next.${name}` });
    expect(records.map(({ ok, next }) => [ok, next])).toEqual([[true, undefined]]);
  });
});

it('--fields finds only what is there', async () => {
  await using server = await scriptedServer({
    '*': { headers: { 'content-type': 'application/json' }, body: '{"__proto__":{"a":1},"b":2}' },
  });
  const fields = ['id', ...tricks.map((name) => `body.${name}`), 'body.b.constructor'].join(',');
  const { stdout } = await cli([server.url, '-q', '--fields', fields]);
  expect(stdout).toBe('{"id":"0","body.__proto__":{"a":1}}\n');
});

it('ids and types of content name no path', async () => {
  const types = ['__proto__', 'constructor', '../../x', 'text/html/../../x', 'image/png;name="../x.sh"'];
  await using server = await scriptedServer({
    '*': ({ target }) => ({
      headers: {
        'content-type': types[Number(target.slice(1))]!,
        'content-disposition': 'attachment; filename="../../evil.sh"',
      },
      body: 'x',
    }),
  });
  const cwd = scratch();
  mkdirSync(`${cwd}/in`);
  writeFileSync(
    `${cwd}/tasks.jsonl`,
    types.map((id, at) => `${JSON.stringify({ id, url: `${server.url}/${at}` })}\n`).join(''),
  );
  const { status, stdout } = await cli(['../tasks.jsonl', '-q', '--save-dir', 'out'], { cwd: `${cwd}/in` });
  expect(status).toBe(0);
  expect(sorted(stdout).map(({ file }) => file)).toEqual([
    'out/__proto__',
    'out/constructor',
    'out/%2E.%2F..%2Fx',
    'out/text%2Fhtml%2F..%2F..%2Fx',
    'out/image%2Fpng%3Bname%3D%22..%2Fx.sh%22.png',
  ]);
});
