import { asBuffer } from '../model/as-buffer.ts';
import { toContent } from '../model/body/content.ts';
import type { Content } from '../model/body/value.ts';
import { failure, type Failure } from '../model/failure.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import { FetchRecord, type RecordFields } from '../model/record.ts';
import type { Patch, Reply, ReplyBody } from './message.ts';
import { bytesOf } from './pack.ts';

/** The record as its transforms have made it. */
export function apply(fields: RecordFields, reply: Reply): FetchRecord {
  switch (reply.kind) {
    case 'dropped':
      // What the summary counts is kept.
      return new FetchRecord({
        ...fields,
        content: undefined,
        headers: undefined,
        meta: undefined,
        transformed: { isDropped: true },
      });
    case 'failed':
      return new FetchRecord({
        ...fields,
        ok: false,
        content: contentOf(fields.content, reply.body),
        error: failure(reply.code, reply.message),
      });
    case 'done':
      return applyDone(fields, reply);
    default:
      return reply satisfies never;
  }
}

/** The record of a transform of which nothing came back. What the fetch found is kept, the body as `--body` says. */
export function withFailure(
  fields: RecordFields,
  error: Failure,
  body: ResolvedOptions['body'],
): FetchRecord {
  const bytes = bytesOf(fields) ?? new Uint8Array();
  const content =
    bytes.length === 0 ? undefined : toContent(asBuffer(bytes), fields.headers?.['content-type'], body);
  return new FetchRecord({ ...fields, ok: false, content, error });
}

function applyDone(fields: RecordFields, reply: Extract<Reply, { kind: 'done' }>): FetchRecord {
  const { result, extra, patch, body } = reply;
  const changes = patch === undefined ? undefined : (JSON.parse(patch) as Patch);
  const hasHeaders = changes?.set['headers'] === undefined ? undefined : true;
  const isTransformed = [result, extra, hasHeaders].some((one) => one !== undefined);
  return new FetchRecord({
    ...fields,
    content: contentOf(fields.content, body),
    transformed: isTransformed ? { result, extra, hasHeaders } : undefined,
    ...(changes !== undefined && patched(changes)),
  });
}

function contentOf(came: Content | undefined, body: ReplyBody): Content | undefined {
  if (body === 'same') {
    return came;
  }
  if (body === 'none') {
    return undefined;
  }
  return body.form === 'bytes' ? { form: 'base64', bytes: body.bytes, contentType: body.contentType } : body;
}

/** The worker has seen that each value is what its field has to be. */
function patched({ set, unset }: Patch): Partial<RecordFields> {
  const { error, startedAt, ...fields } = set as Omit<Partial<RecordFields>, 'error' | 'startedAt'> & {
    readonly error?: string;
    readonly startedAt?: string;
  };
  return {
    ...Object.fromEntries(unset.map((field) => [field, undefined])),
    ...fields,
    ...(startedAt !== undefined && { startedAt: Date.parse(startedAt) }),
    ...(error !== undefined && { ok: false, error: failure('TRANSFORM_FAILED', error) }),
  };
}
