import { describe, expect, it } from 'vitest';
import { runChain } from '../../src/transforms/chain.ts';
import type { Reply, WorkerSettings } from '../../src/transforms/message.ts';
import { replyTo } from '../../src/transforms/reply.ts';
import { TransformError } from '../../src/transforms/transform-error.ts';
import type { Transform, TransformRecord } from '../../src/transforms/transform.ts';

const fields = {
  index: 3,
  id: 'three',
  url: 'https://example.com/3',
  ok: true,
  status: 200,
  attempts: 1,
  headers: { 'content-type': 'application/json', 'x-key': ['a', 'b'] },
  bytes: 40,
  timing: { queue: 0.1, total: 5 },
  startedAt: '2026-01-01T00:00:00.000Z',
  meta: { tag: 'x' },
};

/** Digits that JavaScript would lose. */
const text = '{"n":12345678901234567890,"name":"Ada"}';

interface Settings extends Partial<Pick<WorkerSettings, 'body' | 'keepsBytes'>> {
  readonly bytes?: Uint8Array;
  readonly more?: object;
}

/** What comes of a record that goes through the transforms. */
async function through(
  transforms: readonly ((record: any, context: any) => unknown)[], // eslint-disable-line typescript/no-explicit-any -- what modules give is of any kind
  { body = 'auto', keepsBytes = false, bytes = Buffer.from(text), more = {} }: Settings = {},
): Promise<Reply> {
  const line = JSON.stringify({ ...fields, ...more });
  const steps = transforms.map((transform, at) => ({
    spec: `./t${at}.js`,
    transform: transform as Transform,
  }));
  const settings = { body, keepsBytes, maxBody: 1000, timeoutMs: 1000, own: [], onStep() {}, onLog() {} };
  const result = await runChain(steps, JSON.parse(line) as TransformRecord, bytes, settings);
  return replyTo(line, result, { body, keepsBytes }, result.body.bytes !== bytes);
}

/** A copy without those fields. */
function without(record: TransformRecord, ...names: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

const same = { kind: 'done', result: undefined, extra: undefined, patch: undefined };
const asItCame = { form: 'json', text };
const base64 = new Uint8Array([0xff, 0xfe]);

describe('what becomes of a record', () => {
  it.each<[string, (record: TransformRecord) => unknown, object]>([
    ['nothing', (record) => record, { body: asItCame }],
    ['nothing, in a copy', (record) => ({ ...record }), { body: asItCame }],
    ['a result', (record) => ({ ...record, result: { a: [1] } }), { body: asItCame, result: '{"a":[1]}' }],
    ['a result of null', (record) => ({ ...record, result: null }), { body: asItCame, result: 'null' }],
    [
      'fields of its own',
      (record) => Object.assign(record, { b: 1, a: [2], 'c"': undefined, __proto__: null }),
      { body: asItCame, extra: '"b":1,"a":[2]' },
    ],
    ['another body', (record) => ({ ...record, body: [1] }), { body: { form: 'json', text: '[1]' } }],
    ['a text for a body', (record) => ({ ...record, body: 'x' }), { body: { form: 'text', text: 'x' } }],
    [
      'a body that was changed',
      (record) => {
        Object.assign(record.body as object, { name: 'Bob' });
        return record;
      },
      { body: { form: 'json', text: '{"n":12345678901234567000,"name":"Bob"}' } },
    ],
    [
      'no body',
      (record) => {
        delete record.body;
        return record;
      },
      { body: 'none' },
    ],
    ['no body, in a copy', (record) => without(record, 'body'), { body: 'none' }],
    [
      'other known fields',
      (record) => ({ ...record, status: 201, meta: { tag: 'y' }, finalUrl: 'https://example.com/4' }),
      {
        body: asItCame,
        patch: '{"set":{"finalUrl":"https://example.com/4","status":201,"meta":{"tag":"y"}},"unset":[]}',
      },
    ],
    [
      'fewer fields',
      (record) => without(record, 'headers', 'meta', 'timing'),
      { body: asItCame, patch: '{"set":{},"unset":["headers","meta"]}' },
    ],
    [
      'a new record',
      () => ({ result: 1 }),
      { body: 'none', result: '1', patch: '{"set":{},"unset":["status","headers","bytes","meta"]}' },
    ],
    [
      'a failure',
      (record) => ({ ...record, ok: false, error: 'no user' }),
      { body: asItCame, patch: '{"set":{"ok":false,"error":"no user"},"unset":[]}' },
    ],
    [
      'a failure by its error alone',
      (record) => ({ ...record, error: { message: 'no user', code: 7 } }),
      { body: asItCame, patch: '{"set":{"error":"no user"},"unset":[]}' },
    ],
    [
      'a failure without a word',
      (record) => ({ ...record, ok: false }),
      {
        body: asItCame,
        patch: '{"set":{"ok":false,"error":"the transform says that it is not ok"},"unset":[]}',
      },
    ],
  ])('%s', async (_, transform, expected) => {
    expect(await through([transform])).toEqual({ ...same, ...expected });
    expect(await through([async (record) => transform(record as TransformRecord)])).toEqual({
      ...same,
      ...expected,
    });
  });

  it('each transform gets what the one before gave, and undefined ends the chain', async () => {
    const add = (record: TransformRecord) => ({ ...record, result: [...((record.result as []) ?? []), 1] });
    expect(await through([add, add, add])).toMatchObject({ result: '[1,1,1]' });
    let calls = 0;
    const never = () => calls++;
    expect(await through([add, () => undefined, never])).toEqual({ kind: 'dropped' });
    expect(calls).toBe(0);
  });
});

describe('what fails', () => {
  const failing = (code: string, message: string) => ({ kind: 'failed', code, message, body: asItCame });

  it.each<[string, (record: TransformRecord) => unknown, string]>([
    [
      'a promise',
      (record) => ({ ...record, x: Promise.resolve(1) }),
      'field `x` holds a promise: is an `await` missing?',
    ],
    [
      'a body that is not in its encoding',
      (record) => ({ ...record, body: 'a b', bodyEncoding: 'base64' }),
      'field `body` must be base64, as `bodyEncoding` says',
    ],
    [
      'an encoding of another kind',
      (record) => ({ ...record, bodyEncoding: 'hex' }),
      'field `bodyEncoding` must be "base64"',
    ],
    [
      'a bigint',
      (record) => ({ ...record, result: { n: 1n } }),
      'field `result.n` is a bigint, which JSON has no form for: make text of it',
    ],
    [
      'a bigint in the body',
      (record) => ({ ...record, body: 1n }),
      'field `body` is a bigint, which JSON has no form for: make text of it',
    ],
    ['a text', () => 'x', './t0.js gave back a text, which is no record; undefined drops one'],
    ['null', () => null, './t0.js gave back null, which is no record; undefined drops one'],
    ['a list', () => [], './t0.js gave back a list, which is no record; undefined drops one'],
    [
      'another id',
      (record) => ({ ...record, id: 'x' }),
      'field `id` cannot be changed: it tells which line this is',
    ],
    [
      'another index',
      (record) => ({ ...record, index: 4 }),
      'field `index` cannot be changed: it tells which line this is',
    ],
    [
      'another URL',
      (record) => ({ ...record, url: 'x' }),
      'field `url` cannot be changed: it tells which line this is',
    ],
    [
      'a page',
      (record) => ({ ...record, page: 2 }),
      'field `page` cannot be changed: it tells which line this is',
    ],
    [
      'dropped',
      (record) => ({ ...record, dropped: true }),
      'field `dropped` cannot be changed: it tells which line this is',
    ],
    ['a status of text', (record) => ({ ...record, status: '200' }), 'field `status` must be a status'],
    [
      'headers of numbers',
      (record) => ({ ...record, headers: { a: 1 } }),
      'field `headers` must be an object of texts, or lists of them',
    ],
    [
      'a time that is none',
      (record) => ({ ...record, startedAt: 'soon' }),
      'field `startedAt` must be a time in ISO 8601',
    ],
    [
      'an error of a number',
      (record) => ({ ...record, error: 5 }),
      'field `error` must be text, or an object with a message',
    ],
  ])('gives back %s', async (_, transform, message) => {
    expect(await through([transform])).toEqual(failing('TRANSFORM_RESULT', message));
  });

  it('throws: the place in the file is told, unless the message is meant for a person', async () => {
    const throwing = () => {
      throw new TypeError('no good');
    };
    const reply = await through([throwing]);
    expect(reply).toEqual(
      failing(
        'TRANSFORM_FAILED',
        expect.stringMatching(/^test\/transforms\/reply\.test\.ts:\d+:\d+: no good$/) as unknown as string,
      ),
    );
    const telling = () => {
      throw new TransformError('the body is no JSON');
    };
    expect(await through([telling])).toEqual(failing('TRANSFORM_FAILED', './t0.js: the body is no JSON'));
    const odd = () => Promise.reject('odd'); // eslint-disable-line prefer-promise-reject-errors -- modules do that
    expect(await through([odd])).toEqual(failing('TRANSFORM_FAILED', './t0.js: odd'));
  });

  it('hears the signal: that is a limit of time', async () => {
    const settings = { body: 'auto', maxBody: 1, timeoutMs: 20, own: [], onStep() {}, onLog() {} } as const;
    const waiting: Transform = async (record, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      signal.throwIfAborted();
      return record;
    };
    const steps = [{ spec: './slow.js', transform: waiting }];
    const result = await runChain(
      steps,
      JSON.parse(JSON.stringify(fields)) as TransformRecord,
      Buffer.from('{}'),
      settings,
    );
    expect(result).toMatchObject({
      problem: {
        code: 'TRANSFORM_TIMEOUT',
        message: './slow.js took longer than 20ms (--transform-timeout)',
      },
    });
  });
});

describe('bodies', () => {
  const seen = (form: Settings) => {
    let body: unknown;
    return through(
      [
        (record: TransformRecord, context: { bytes: Uint8Array; contentType: string }) => {
          body = {
            body: record.body,
            encoding: record.bodyEncoding,
            bytes: context.bytes.length,
            type: context.contentType,
          };
          return record;
        },
      ],
      form,
    ).then((reply) => ({ reply, body }));
  };
  const binary = { bytes: base64, more: { headers: { 'content-type': 'image/png' } } };

  it.each<[string, Settings, object, unknown]>([
    ['JSON', {}, { body: JSON.parse(text), bytes: text.length, type: 'application/json' }, asItCame],
    ['JSON as text', { body: 'text' }, { body: text }, { form: 'text', text }],
    [
      'JSON as base64',
      { body: 'base64' },
      { body: Buffer.from(text).toString('base64'), encoding: 'base64' },
      'same',
    ],
    ['bytes', binary, { body: '//4=', encoding: 'base64' }, 'same'],
    ['none at all', { bytes: new Uint8Array() }, { body: undefined, bytes: 0 }, 'none'],
    ['none in lines', { body: 'none' }, { body: JSON.parse(text) }, 'none'],
    ['to be saved', { keepsBytes: true }, { body: JSON.parse(text) }, 'same'],
  ])('%s', async (_, settings, expected, reply) => {
    const result = await seen(settings);
    expect(result.body).toMatchObject(expected);
    expect(result.reply).toEqual({ ...same, body: reply });
  });

  it('that a transform sets stand in lines that have none, and are saved', async () => {
    const set = (record: TransformRecord) => ({ ...record, body: { a: 1 } });
    expect(await through([set], { body: 'none' })).toMatchObject({ body: { form: 'json', text: '{"a":1}' } });
    const saved = await through([set], { keepsBytes: true });
    expect(saved).toMatchObject({ body: { form: 'bytes', bytes: new Uint8Array(Buffer.from('{"a":1}')) } });
  });

  it('are shown when the transform fails, although they were to be saved', async () => {
    const reply = await through([() => 5], { keepsBytes: true });
    expect(reply).toMatchObject({ kind: 'failed', body: asItCame });
  });

  it('can be replaced, for what follows and for the line', async () => {
    const bodies: unknown[] = [];
    const replace: Transform = (record, context) => {
      bodies.push(record.body);
      context.replaceBody(Buffer.from('<p>hi'), 'text/html');
      bodies.push(record.body, record.bytes, Buffer.from(context.bytes).toString());
      return record;
    };
    const see = (record: TransformRecord) => {
      bodies.push(record.body);
      return { ...record };
    };
    expect(await through([replace, see])).toEqual({
      ...same,
      body: { form: 'text', text: '<p>hi' },
      patch: '{"set":{"bytes":5},"unset":[]}',
    });
    expect(bodies).toEqual([JSON.parse(text), '<p>hi', 5, '<p>hi', '<p>hi']);
    const toBytes: Transform = (record, context) => {
      context.replaceBody(base64);
      return record;
    };
    expect(await through([toBytes])).toMatchObject({ body: { form: 'bytes', bytes: base64 } });
    expect(await through([replace], { keepsBytes: true })).toMatchObject({
      body: { form: 'bytes', bytes: new Uint8Array(Buffer.from('<p>hi')) },
    });
  });

  it('are not parsed for a transform that does not look', async () => {
    const nested = `${'['.repeat(10)}${']'.repeat(10)}`;
    let reads = 0;
    const parse = JSON.parse;
    const look = (record: TransformRecord) => record;
    JSON.parse = ((value: string, ...rest: []) => {
      reads += value === nested ? 1 : 0;
      return parse(value, ...rest);
    }) as typeof JSON.parse;
    try {
      await through([look], { bytes: Buffer.from(nested) });
    } finally {
      JSON.parse = parse;
    }
    expect(reads).toBe(0);
  });
});
