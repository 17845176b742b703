import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../../src/model/options/options.ts';
import { buildRequest } from '../../../src/model/request.ts';
import type { Task } from '../../../src/model/task.ts';
import { maxTaskBytes, tasksReader } from '../../../src/sources/tasks/tasks.ts';
import { bytes, readAll } from '../settings.ts';

const base = buildRequest(resolveOptions());

/** The tasks of these lines, and what is said of those that are no good. */
async function read(...lines: readonly string[]): Promise<{ tasks: Task[]; complaints: string[] }> {
  const complaints: string[] = [];
  const text = { name: 'tasks.jsonl', chunks: bytes(lines.join('\n')) };
  const onInvalid = (message: string) => complaints.push(message);
  return {
    tasks: await readAll(tasksReader.read(text, { firstIndex: 5, request: base, onInvalid })),
    complaints,
  };
}

async function readOne(line: string): Promise<Task> {
  const { tasks, complaints } = await read(line);
  expect(complaints).toEqual([]);
  expect(tasks).toHaveLength(1);
  return tasks[0]!;
}

const json = (task: object) => JSON.stringify(task);

describe('a task file', () => {
  it('has a task a line', async () => {
    const { tasks } = await read('', '{"url":"http://a/1"}', '# no', ' {"url":"http://b/2#c","id":17} ', '');
    expect(tasks).toEqual([
      { index: 5, url: 'http://a/1', origin: 'http://a', request: base },
      { index: 6, id: '17', url: 'http://b/2', origin: 'http://b', request: base },
    ]);
    expect(tasks[0]?.request).toBe(base);
  });

  it.each([
    [
      '{"url":"http://a/","json":{"n":12345678901234567890, "10":1,"2":[ ]}}',
      '{"n":12345678901234567890, "10":1,"2":[ ]}',
    ],
    ['{"url":"http://a/","json":null}', 'null'],
    ['{"url":"http://a/","json":"\\u00e9"}', '"\\u00e9"'],
    ['{"url":"http://a/","body":"ü {}"}', 'ü {}'],
    ['{"url":"http://a/","body":""}', ''],
    [
      '{"url":"http://a/","form":{"q":"a b&c","n":[1,true],"big":12345678901234567890}}',
      'q=a+b%26c&n=1&n=true&big=12345678901234567890',
    ],
  ])('sends a body as it was written: %s', async (line, body) => {
    const { request } = await readOne(line);
    expect(request.method).toBe('POST');
    expect(String(request.body)).toBe(body);
  });

  it('keeps every digit of an id and of meta', async () => {
    const { id, meta } = await readOne(
      '{"url":"http://a/","id":12345678901234567890,"meta":{"n":12345678901234567890,"m":[null,"x"]}}',
    );
    expect(id).toBe('12345678901234567890');
    expect(JSON.stringify(meta)).toBe('{"n":12345678901234567890,"m":[null,"x"]}');
  });

  it.each([
    ['"5s"', 5000],
    ['1500', 1500],
    ['0', Number.POSITIVE_INFINITY],
  ])('takes a timeout of %s', async (timeout, timeoutMs) => {
    expect(await readOne(`{"url":"http://a/","timeout":${timeout}}`)).toMatchObject({ timeoutMs });
  });

  it('takes a line with a long body', async () => {
    const body = 'é'.repeat(3 * 1024 * 1024);
    expect(String((await readOne(json({ url: 'http://a/', body }))).request.body)).toBe(body);
  });

  it('counts the tasks that would be read', async () => {
    const text = '{"url":"http://a/1"}\n\n# no\nnonsense\n{"url":"http://a/2"}';
    expect(await tasksReader.count({ name: 'x', chunks: bytes(text) })).toBe(3);
  });
});

describe('what is wrong is told with line and path, and the other lines go on', () => {
  it.each([
    ['nonsense', /^not JSON: /],
    ['{"url":"http://a/"', /^not JSON: /],
    ['"http://a/"', 'must be a JSON object'],
    ['[]', 'must be a JSON object'],
    ['{}', 'url: is missing'],
    ['{"url":7}', 'url: must be text'],
    ['{"url":"a/b"}', 'not a URL: "a/b"'],
    ['{"url":"http://a/","metod":"GET"}', 'unknown key metod (did you mean method?)'],
    ['{"url":"http://a/","xyzzy":1}', /^unknown key xyzzy \(keys are url, id, method, /],
    ['{"url":"http://a/","id":{}}', 'id: must be text or a number'],
    ['{"url":"http://a/","method":"A B"}', 'method: must be an HTTP method such as GET or POST'],
    ['{"url":"http://a/","method":"CONNECT"}', 'method: CONNECT opens tunnels and cannot fetch'],
    ['{"url":"http://a/","headers":[]}', 'headers: must be an object of names and values'],
    ['{"url":"http://a/","headers":{"X-A":{}}}', 'headers.X-A: must be text, a list of texts, or null'],
    [
      '{"url":"http://a/","headers":{"X-A":"s3cret\\r\\nX-B: 1"}}',
      'headers.X-A: must be of Latin-1 characters without line breaks',
    ],
    [
      '{"url":"http://a/","headers":{"Content-Length":7}}',
      'headers.Content-Length: is set by bulkfetch itself',
    ],
    ['{"url":"http://a/","body":{}}', 'body: must be text'],
    ['{"url":"http://a/","form":"a=1"}', 'form: must be an object of names and values'],
    ['{"url":"http://a/","form":{"a":null}}', 'form.a: must be text or a list of texts'],
    ['{"url":"http://a/","bodyFile":""}', 'bodyFile: must be the name of a file'],
    ['{"url":"http://a/","timeout":"soon"}', /^timeout: must be a duration such as .*, not "soon"$/],
    ['{"url":"http://a/","json":1,"form":{}}', 'json, form: a task has one body'],
    ['{"url":7,"timeout":-1}', /^url: must be text; timeout: must be /],
  ])('%s', async (line, reason) => {
    const { tasks, complaints } = await read('{"url":"http://a/"}', '', line, '{"url":"http://b/"}');
    expect(tasks.map(({ invalid }) => invalid?.kind)).toEqual([undefined, 'input', undefined]);
    expect(tasks.map(({ index }) => index)).toEqual([5, 6, 7]);
    const message = tasks[1]?.invalid?.message;
    expect(message).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect(complaints).toEqual([`tasks.jsonl:3: ${message}`]);
  });

  it('with as much of the task as was understood', async () => {
    const { tasks } = await read('{"url":"http://u:s3cret@a/","id":7,"meta":[1],"timout":"5s"}');
    expect(tasks[0]).toMatchObject({
      id: '7',
      url: 'http://a/',
      meta: [1],
      invalid: { code: 'INVALID_TASK' },
    });
  });

  it('without what may be a secret', async () => {
    const { complaints } = await read(
      '{"headers":{"Authorization":"s3cret" "X":1}}',
      's3cret',
      '{"a":s3cret}',
    );
    expect(complaints).toHaveLength(3);
    expect(complaints.join()).not.toContain('s3cret');
  });

  it('when a line is longer than any task', async () => {
    const { complaints, tasks } = await read('x'.repeat(maxTaskBytes + 1), '{"url":"http://a/"}');
    expect(complaints).toEqual(['tasks.jsonl:1: the line is longer than 16 MiB']);
    expect(tasks).toHaveLength(2);
  });
});
