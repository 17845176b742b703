import { writeJson } from '../model/json/unwritable.ts';
import type { Content } from '../model/record.ts';
import type { ChainResult } from './chain.ts';
import { changeable, constantFields, journalFields, knownFields } from './known-fields.ts';
import type { Patch, Reply, ReplyBody, WorkerSettings } from './message.ts';
import type { TransformRecord } from './transform.ts';
import type { WorkerBody } from './worker-body.ts';

type Form = Pick<WorkerSettings, 'body' | 'keepsBytes'>;

/** Why what a transform has given back cannot be a line. */
class Unfit extends Error {}

/**
 * What a worker tells of a record: `line` is what it was made of, `replaced` that the body is not the one
 * that came.
 */
export function replyTo(line: string, result: ChainResult, form: Form, replaced: boolean): Reply {
  const { body } = result;
  if ('problem' in result) {
    return { kind: 'failed', ...result.problem, body: shownBody(body, form, replaced) };
  }
  if (result.record === undefined) {
    return { kind: 'dropped' };
  }
  try {
    return done(JSON.parse(line) as TransformRecord, result.record, { body, form, replaced });
  } catch (error) {
    if (error instanceof Unfit) {
      const failed = { kind: 'failed', code: 'TRANSFORM_RESULT', message: error.message } as const;
      return { ...failed, body: shownBody(body, form, replaced) };
    }
    throw error;
  }
}

interface BodyState {
  readonly body: WorkerBody;
  readonly form: Form;
  readonly replaced: boolean;
}

function done(before: TransformRecord, after: TransformRecord, state: BodyState): Reply {
  for (const field of journalFields) {
    if (after[field] !== undefined && after[field] !== before[field]) {
      throw new Unfit(`field \`${field}\` cannot be changed: it tells which line this is`);
    }
  }
  return {
    kind: 'done',
    result: json('result', after.result),
    extra: extraOf(after),
    patch: patchOf(before, after),
    body: state.body.isThatOf(after) ? goingOn(state) : setBody(after.body, state),
  };
}

/** Members of an object, after each other. */
function extraOf(after: TransformRecord): string | undefined {
  let extra = '';
  for (const field of Object.keys(after)) {
    if (!knownFields.has(field)) {
      const text = json(field, after[field]);
      extra += text === undefined ? '' : `${extra === '' ? '' : ','}${JSON.stringify(field)}:${text}`;
    }
  }
  return extra === '' ? undefined : extra;
}

function patchOf(before: TransformRecord, after: TransformRecord): string | undefined {
  const set: string[] = [];
  const unset: string[] = [];
  for (const [field, [form, is]] of Object.entries(changeable)) {
    const text = json(field, after[field]);
    if (text === undefined) {
      if (before[field] !== undefined && !constant.has(field)) {
        unset.push(field);
      }
    } else if (text !== JSON.stringify(before[field])) {
      if (!is(JSON.parse(text))) {
        throw new Unfit(`field \`${field}\` must be ${form}`);
      }
      set.push(`${JSON.stringify(field)}:${text}`);
    }
  }
  const error = errorOf(after);
  if (error !== undefined) {
    set.push(`"error":${JSON.stringify(error)}`);
  }
  return set.length === 0 && unset.length === 0
    ? undefined
    : `{"set":{${set.join(',')}},"unset":${JSON.stringify(unset satisfies Patch['unset'])}}`;
}

const constant: ReadonlySet<string> = new Set(constantFields);

/** The message of a failure that the transform has found. Without an `error`, `ok: false` is one too. */
function errorOf({ ok, error }: Partial<TransformRecord>): string | undefined {
  if (error === undefined || error === null) {
    return ok === false ? 'the transform says that it is not ok' : undefined;
  }
  const message: unknown = typeof error === 'object' && 'message' in error ? error.message : error;
  if (typeof message !== 'string') {
    throw new Unfit('field `error` must be text, or an object with a message');
  }
  return message;
}

/** The body that came, or that took its place, in the form in which it goes on. */
function goingOn({ body, form, replaced }: BodyState): ReplyBody {
  return form.keepsBytes ? (replaced ? bytesOf(body.bytes) : 'same') : shownBody(body, form, replaced);
}

function shownBody(body: WorkerBody, { body: mode }: Pick<Form, 'body'>, replaced: boolean): ReplyBody {
  return mode === 'none' ? 'none' : replyBody(body.content, body, replaced);
}

function replyBody(content: Content | undefined, { bytes }: WorkerBody, replaced: boolean): ReplyBody {
  switch (content?.form) {
    case undefined:
      return 'none';
    case 'json':
    case 'text':
      return content;
    case 'base64':
      return replaced ? bytesOf(bytes) : 'same';
    default:
      return content satisfies never;
  }
}

/** What a transform has put in the place of the body: it goes on whatever `--body` says. */
function setBody(value: unknown, { form }: BodyState): ReplyBody {
  if (value === undefined) {
    return 'none';
  }
  const text = typeof value === 'string' ? value : json('body', value);
  if (text === undefined) {
    return 'none';
  }
  if (form.keepsBytes) {
    return bytesOf(Buffer.from(text));
  }
  return { form: typeof value === 'string' ? 'text' : 'json', text };
}

/** In memory of their own, which can be transferred. */
function bytesOf(bytes: Uint8Array): ReplyBody {
  return { form: 'bytes', bytes: new Uint8Array(bytes) };
}

function json(field: string, value: unknown): string | undefined {
  const written = writeJson(field, value);
  if ('problem' in written) {
    throw new Unfit(written.problem);
  }
  return written.json;
}
