import { writeJson } from '../model/json/unwritable.ts';
import type { Content } from '../model/body/value.ts';
import type { ChainResult } from './chain.ts';
import { changeable, constantFields, journalFields, knownFields } from './known-fields.ts';
import type { Patch, Reply, ReplyBody, WorkerSettings } from './message.ts';
import { isThrown, thrownText } from './thrown.ts';
import type { TransformRecord } from './transform.ts';
import type { WorkerBody } from './worker-body.ts';

type Form = Pick<WorkerSettings, 'body' | 'keepsBytes'>;

/** Why what a transform has given back cannot be a line. */
class Unfit extends Error {}

/**
 * What a worker tells of a record: `line` is what it was made of, `replaced` that the body is not the one
 * that came. Never throws, whatever the transforms have given back.
 */
export function replyTo(line: string, result: ChainResult, form: Form, replaced: boolean): Reply {
  const { body } = result;
  if ('problem' in result) {
    return { kind: 'failed', ...result.problem, body: shownBody(body, form, replaced) };
  }
  if (result.record === undefined) {
    return { kind: 'dropped' };
  }
  const before = JSON.parse(line) as TransformRecord;
  try {
    return done(before, result.record, { body, form, replaced });
  } catch (error) {
    // Reading what came back may run code of the transform: getters, a `toJSON`, a proxy.
    const message = isThrown(error, Unfit)
      ? error.message
      : `the record that came back cannot be read: ${thrownText(error)}`;
    return { kind: 'failed', code: 'TRANSFORM_RESULT', message, body: shownBody(body, form, replaced) };
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
    body: newBody(after, state),
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

function newBody(after: TransformRecord, state: BodyState): ReplyBody {
  const encoding = state.body.encodingSetIn(after);
  if (encoding === 'base64') {
    return decodedBody(after.body);
  }
  if (encoding !== undefined) {
    throw new Unfit('field `bodyEncoding` must be "base64"');
  }
  return state.body.isThatOf(after) ? goingOn(state) : setBody(after.body, state);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodedBody(value: unknown): ReplyBody {
  if (typeof value !== 'string' || !base64.test(value)) {
    throw new Unfit('field `body` must be base64, as `bodyEncoding` says');
  }
  return bytesOf(Buffer.from(value, 'base64'));
}

/** The body that came, or that took its place, in the form in which it goes on. */
function goingOn({ body, form, replaced }: BodyState): ReplyBody {
  if (!form.keepsBytes) {
    return shownBody(body, form, replaced);
  }
  return replaced ? bytesOf(body.bytes, body.contentType ?? '') : 'same';
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
function setBody(value: unknown, { body, form, replaced }: BodyState): ReplyBody {
  if (value === undefined) {
    return 'none';
  }
  const text = typeof value === 'string' ? value : json('body', value);
  if (text === undefined) {
    return 'none';
  }
  if (form.keepsBytes) {
    return bytesOf(Buffer.from(text), replaced ? (body.contentType ?? '') : undefined);
  }
  return { form: typeof value === 'string' ? 'text' : 'json', text };
}

/** In memory of their own, which can be transferred. */
function bytesOf(bytes: Uint8Array, contentType?: string): ReplyBody {
  return { form: 'bytes', bytes: new Uint8Array(bytes), contentType };
}

function json(field: string, value: unknown): string | undefined {
  const written = writeJson(field, value);
  if ('problem' in written) {
    throw new Unfit(written.problem);
  }
  return written.json;
}
