import { fieldValue, token } from './field.ts';
import { framingFields, type RequestBase } from './request.ts';
import type { RequestSpec } from './task.ts';

/** What a task says of its request; what it does not say is that of all tasks. */
export interface RequestParts {
  readonly method?: string | undefined;
  /** By name, whatever its case. Several values: several fields. Null: the field is not sent. */
  readonly headers?: FieldParts | undefined;
  /** Instead of the body of all tasks. */
  readonly body?: BodyPart | undefined;
}

/** Header fields by name. */
export type FieldParts = Readonly<Record<string, string | readonly string[] | null>>;

/** A body and what it is, from which `Content-Type` and `Accept` follow where nobody has set them. */
export type BodyPart =
  | { readonly kind: 'json' | 'form' | 'raw'; readonly bytes: Uint8Array }
  | { readonly kind: 'raw'; readonly path: string };

/**
 * Lays the parts of tasks over what every task sends. Requests with the same fields share the list of
 * them, so that their heads are made once. Names and values must be good (`fieldProblem`).
 */
export function requestsOver(base: RequestBase): (own: RequestParts) => RequestSpec {
  const known = new Map<string, RequestSpec>();
  return (own) => {
    const { method, headers, body } = own;
    if (method === undefined && headers === undefined && body === undefined) {
      return base;
    }
    const key = JSON.stringify([method, headers, body?.kind]);
    let shared = known.get(key);
    if (shared === undefined) {
      shared = requestWithoutBody(base, own);
      if (known.size === mostKnown) {
        known.clear(); // fields that are other for every task: keeping them would be a leak
      }
      known.set(key, shared);
    }
    if (body === undefined) {
      return shared;
    }
    return 'path' in body
      ? { ...shared, bodyFile: body.path }
      : { ...shared, body: body.bytes, ownsBody: true };
  };
}

/** Why a header field cannot be sent; undefined: it can. The value may be a secret and is not repeated. */
export function fieldProblem(name: string, value: string): string | undefined {
  if (!token.test(name)) {
    return 'is not the name of a header field';
  }
  if (framingFields.has(name.toLowerCase())) {
    return 'is set by bulkfetch itself';
  }
  return fieldValue.test(value) ? undefined : 'must be of Latin-1 characters without line breaks';
}

const mostKnown = 1000;

/** With the body of all tasks, unless the task has one of its own, which is then to be added. */
function requestWithoutBody(base: RequestBase, { method, headers, body }: RequestParts): RequestSpec {
  const fields = fieldMap(base.headers);
  if (body !== undefined) {
    setDefault(fields, base, 'accept', accepts[body.kind]);
    setDefault(fields, base, 'content-type', contentTypes[body.kind]);
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    setField(fields, name, value);
  }
  const implied = body === undefined || base.isMethodGiven ? base.method : 'POST';
  return {
    method: method ?? implied,
    headers: [...fields.values()].flat(),
    body: body === undefined ? base.body : undefined,
    bodyFile: body === undefined ? base.bodyFile : undefined,
  };
}

const accepts = { json: 'application/json', form: '*/*', raw: '*/*' } as const;

/** A raw body may be anything: only the user can say what it is (RFC 9110, 8.3). */
const contentTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  raw: null,
} as const;

/** Fields by name in lower case: names and values in turn, of all fields of that name. */
type FieldMap = Map<string, string[]>;

function fieldMap(headers: readonly string[]): FieldMap {
  const fields: FieldMap = new Map();
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!;
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), name, headers[at + 1]!]);
  }
  return fields;
}

function setDefault(fields: FieldMap, base: RequestBase, name: string, value: string | null): void {
  if (!base.givenFields.has(name)) {
    setField(fields, name, value);
  }
}

function setField(fields: FieldMap, name: string, value: string | readonly string[] | null): void {
  if (value === null) {
    fields.delete(name.toLowerCase());
  } else {
    const values = typeof value === 'string' ? [value] : value;
    fields.set(
      name.toLowerCase(),
      values.flatMap((one) => [name, one]),
    );
  }
}
