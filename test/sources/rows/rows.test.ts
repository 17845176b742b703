import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import type { Task } from '../../../src/model/task.ts';
import { openSources, type CountableSource } from '../../../src/sources/index.ts';
import { batchSize } from '../../../src/sources/source.ts';
import type { TemplateTexts } from '../../../src/sources/templates/template-texts.ts';
import { bytes, openCount, readAll, readBatches, request, settings, temporaryFiles } from '../settings.ts';

const write = temporaryFiles();
const url = 'http://a/{id}{?q}';

interface Opened {
  readonly source: CountableSource;
  readonly complaints: readonly string[];
}

async function open(
  name: string,
  text: string,
  templates?: Partial<TemplateTexts>,
): Promise<Opened & { path: string }> {
  const path = await write(name, text);
  const texts = templates && { url, header: [], json: undefined, data: undefined, ...templates };
  const given = settings({ templates: texts });
  return { source: await openSources([path], given), complaints: given.complaints, path };
}

async function read(
  name: string,
  text: string,
  templates?: Partial<TemplateTexts>,
): Promise<readonly Task[]> {
  return readAll((await open(name, text, templates)).source);
}

const shown = ({ id, url, invalid, meta, request }: Task) => ({
  ...(id !== undefined && { id }),
  url,
  ...(request.body !== undefined && { body: Buffer.from(request.body).toString() }),
  ...(invalid !== undefined && { invalid: `${invalid.code}: ${invalid.message}` }),
  ...(meta !== undefined && { meta }),
});

describe('CSV', () => {
  it('makes a task of each row, with the row as meta and its id', async () => {
    const tasks = await read('users.csv', 'id, q ,\n7,"a b",x\n,é,\n', { json: '{"q":"{q}","id":{id}}' });
    expect(tasks.map(shown)).toEqual([
      { id: '7', url: 'http://a/7?q=a%20b', body: '{"q":"a b","id":7}', meta: { id: '7', q: 'a b' } },
      { url: 'http://a/?q=%C3%A9', body: '{"q":"é","id":""}', meta: { id: '', q: 'é' } },
    ]);
  });

  it('goes to the column url without templates', async () => {
    const tasks = await read('urls.csv', 'n,url,id\n1,http://a/x,i\n2,nonsense,\n');
    expect(tasks.map(shown)).toEqual([
      { id: 'i', url: 'http://a/x', meta: { n: '1', url: 'http://a/x', id: 'i' } },
      expect.objectContaining({ url: 'nonsense', invalid: expect.stringContaining('INVALID_URL') as string }),
    ]);
    expect(tasks[0]!.request).toBe(request);
  });

  it('tells of rows that are none, and goes on', async () => {
    const text = 'id,q\n1\n2,b,c\n3,"x"y\n4,\uFFFD\n..,e\n6,f\n';
    const { source, complaints, path } = await open('bad.csv', text, {});
    const tasks = await readAll(source);
    expect(complaints).toEqual([
      `${path}:2: the row has 1 field, and the header 2`,
      `${path}:3: the row has 3 fields, and the header 2`,
      `${path}:4: a quote in a quoted field must be doubled`,
      `${path}:5: the row is not UTF-8 text`,
      `${path}:6: a value is "." or "..", which cannot be a segment of a path`,
    ]);
    expect(tasks.map(({ url }) => url)).toEqual(['1', '2,b,c', '3,"x"y', '4,\uFFFD', url, 'http://a/6?q=f']);
    expect(tasks.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(tasks[4]).toMatchObject({ id: '..', meta: { id: '..', q: 'e' }, invalid: { kind: 'input' } });
  });

  it('does not send what would be another header field', async () => {
    const [task] = await read('split.csv', 'id,q\n1,"a\r\nX-Admin: 1"\n', { header: ['X-Q: {q}'] });
    expect(task?.invalid?.message).toMatch(/^q cannot stand in a header field/);
  });

  it.each<[string, string, Partial<TemplateTexts> | undefined, RegExp]>([
    [
      'a typo in --url',
      'id,q\n',
      { url: 'http://a/{idd}' },
      /^--url: \{idd\} is no column of \S+ \(its columns are id, q\)$/,
    ],
    ['one in an optional place', 'id,q\n', { url: 'http://a/{?qq}' }, /^--url: \{qq\} is no column/],
    [
      'one in --json',
      'id,q\n',
      { json: '{"a":{x}}' },
      /^--json: \{x\} is no column of .* write \\\{ for a brace\)$/,
    ],
    ['one in -d', 'id,q\n', { data: 'a={x}' }, /^--data: \{x\} is no column/],
    ['one in -H', 'id,q\n', { header: ['A: {x}'] }, /^--header: \{x\} is no column/],
    ['a --url that is no template', 'id,q\n', { url: 'http://a/{id' }, /^--url: a brace without its partner/],
    ['JSON that is none', 'id,q\n', { json: '{"a":{id}' }, /^--json: not valid JSON/],
    [
      'no column url',
      'id,q\n',
      undefined,
      /: there is no column url, and no --url .*\(its columns are id, q\)$/,
    ],
    ['two columns of one name', 'id,q,id\n', {}, /:1: the column id is there twice$/],
    ['a header that is malformed', '\nid,q"\n', {}, /:2: a field with a quote in it/],
  ])('is refused before anything is fetched: %s', async (_, text, templates, message) => {
    await expect(open('refused.csv', text, templates)).rejects.toThrow(message);
    await expect(open('refused.csv', text, templates)).rejects.toThrow(UsageError);
  });

  it('closes the file whose header it has looked at', async () => {
    const { source, path } = await open('large.csv', `id,q\n${'1,2\n'.repeat(200_000)}`, {});
    expect(await openCount(path)).toBe(0);
    expect(await source.count?.()).toBe(200_000);
    expect(await openCount(path)).toBe(0);
  });

  it('gives batches that are neither empty nor too large', async () => {
    const { source } = await open('batches.csv', `id,q\n${'1,2\n'.repeat(2 * batchSize + 1)}`, {});
    expect((await readBatches(source)).map((batch) => batch.length)).toEqual([batchSize, batchSize, 1]);
  });

  it('is nothing without rows', async () => {
    expect(await read('header.csv', 'id,q\n', {})).toEqual([]);
    expect(await read('empty.csv', '', {})).toEqual([]);
  });

  it('may have columns with any name', async () => {
    const text = 'First Name,a.b,1st\nAda,x,y\n';
    const [task] = await read('names.csv', text, { url: 'http://a/{First Name}/{a.b}', data: 'n={1st}' });
    expect(shown(task!)).toMatchObject({ url: 'http://a/Ada/x', body: 'n=y' });
  });

  it('parts its fields with tabs in TSV', async () => {
    const [task] = await read('users.tsv', 'id\tq\n1,\t2\n', {});
    expect(task?.url).toBe('http://a/1%2C?q=2');
  });
});

describe('JSON Lines with --url', () => {
  it('makes a task of each object', async () => {
    const lines = [
      '{"id":12345678901234567890,"q":["a","b"],"n":{"m":null}}',
      '{"id":"x","q":null,"n":1.10}',
      '{"id":{"a":1},"n":"5"}',
    ];
    const tasks = await read('rows.jsonl', lines.join('\n'), {
      url: 'http://a/{id}{?q*}',
      json: '{"n":{n}}',
    });
    expect(tasks.map(({ url }) => url)).toEqual([
      'http://a/12345678901234567890?q=a&q=b',
      'http://a/x',
      'http://a/a,1',
    ]);
    expect(tasks.map(({ request }) => String(request.body))).toEqual([
      '{"n":{"m":null}}',
      '{"n":1.10}',
      '{"n":"5"}',
    ]);
    expect(tasks.map(({ id }) => id)).toEqual(['12345678901234567890', 'x', '{"a":1}']);
    expect(tasks.map(({ meta }) => JSON.stringify(meta))).toEqual(lines);
  });

  it('tells of lines that are no rows, and goes on', async () => {
    const { source, complaints, path } = await open(
      'bad.jsonl',
      '[1]\n{"id":\n{"q":1}\n{"id":null}\n{"id":1}',
      {},
    );
    const tasks = await readAll(source);
    expect(complaints).toEqual([
      `${path}:1: the line is JSON but not an object`,
      `${path}:2: the line is not JSON`,
      `${path}:3: there is no "id" in the row`,
      `${path}:4: "id" has no value`,
    ]);
    expect(tasks.map((task) => task.invalid?.code)).toEqual([
      ...Array.from({ length: 4 }, () => 'INVALID_ROW'),
      undefined,
    ]);
    expect(tasks[0]?.url).toBe(url);
    expect(await source.count?.()).toBe(5);
  });
});

describe('lines with --url', () => {
  const withUrl = (template: string) => ({ url: template, header: [], json: undefined, data: undefined });

  it('have one column, line', async () => {
    const [task] = await read('words.txt', 'a b/c\n', { url: 'http://a/{line}' });
    expect(shown(task!)).toEqual({ url: 'http://a/a%20b%2Fc', meta: { line: 'a b/c' } });
  });

  it('are read from standard input', async () => {
    const given = settings({ templates: withUrl('http://a/{line}'), stdin: bytes('a\n', 'b') });
    const tasks = await readAll(await openSources(['-'], given));
    expect(tasks.map((task) => task.url)).toEqual(['http://a/a', 'http://a/b']);
  });

  it('have no other', async () => {
    const given = settings({ templates: withUrl('http://a/{id}'), stdin: bytes('id,q\n1,a\n') });
    await expect(openSources(['-'], given).then(readAll)).rejects.toThrow(
      '--url: {id} is no column of plain lines (theirs is {line}; for CSV give --input-format csv)',
    );
  });

  it('are no URLs already', async () => {
    const given = settings({ templates: withUrl('http://a/{line}') });
    await expect(openSources(['http://b/'], given)).rejects.toThrow(/^--url makes URLs of rows/);
  });
});

it('neither the record nor the message of a row that fails has the password of the URL', async () => {
  const templates = { url: 'http://ann:s3cr3t@a:{port}/{id}', header: ['X-Q: {q}'] };
  const { source, complaints } = await open('secret.csv', 'id,q,port\n1,€,80\n..,a,80\n2,b,x\n', templates);
  const tasks = await readAll(source);
  expect(tasks.map(({ url }) => url)).toEqual(['http://a:80/1', 'http://a:{port}/{id}', 'http://a:x/2']);
  expect(complaints.join('\n')).not.toMatch(/ann:|s3cr3t/);
  await expect(open('secret.csv', 'id\n', { url: 'http://ann:s3cr3t@a/{' })).rejects.toThrow(
    /^(?!.*s3cr3t)--url/,
  );
});

it('rows whose fields are the same share them', async () => {
  const tasks = await read('same.csv', 'id,q\n1,a\n2,a\n3,b\n', { header: ['X-Q: {q}'], json: '{id}' });
  const [one, two, three] = tasks.map((task) => task.request.headers);
  expect(one).toBe(two);
  expect([one, three]).toEqual([expect.arrayContaining(['X-Q', 'a']), expect.arrayContaining(['X-Q', 'b'])]);
});
