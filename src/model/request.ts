import { UsageError } from './errors.ts';
import { fieldValue, token } from './field.ts';
import { jsonProblem } from './json/json-problem.ts';
import type { ResolvedOptions } from './options/options.ts';
import type { RequestSpec } from './task.ts';
import { version } from './version.ts';

/** What every task sends, ready to have a task's own parts laid over it (`requestsOver`). */
export interface RequestBase extends RequestSpec {
  /** The user has said the method; else it follows from there being a body. */
  readonly isMethodGiven: boolean;
  /** Header fields, in lower case, that the user has set or dropped: no default takes their place. */
  readonly givenFields: ReadonlySet<string>;
}

/** Fields that say how the message is framed: the HTTP client alone may set them (RFC 9112). */
export const framingFields: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What every task sends, from the options: method (POST when there is a body), body, and header
 * fields with the defaults that the user has not set. Throws a `UsageError` for a bad `-H`.
 */
export function buildRequest(options: ResolvedOptions): RequestBase {
  const { data, json } = options;
  if (data !== undefined && json !== undefined) {
    throw new UsageError('--json and --data are two bodies: give one of them');
  }
  if (json !== undefined) {
    checkJson(json);
  }
  const fields = new Map<string, [name: string, value: string][]>();
  const set = (name: string, value: string) => fields.set(name, [[name, value]]);
  set('accept', json === undefined ? '*/*' : 'application/json');
  set('accept-encoding', 'gzip, deflate, br, zstd');
  set('user-agent', userAgent(options.userAgent));
  if (json !== undefined) {
    set('content-type', 'application/json');
  } else if (data !== undefined) {
    set('content-type', 'application/x-www-form-urlencoded');
  }
  const givenFields = addUserFields(fields, options.header);
  const method = options.method ?? (json === undefined && data === undefined ? 'GET' : 'POST');
  if (method === 'CONNECT') {
    throw new UsageError('--request: CONNECT opens tunnels and cannot fetch');
  }

  const body = json ?? data;
  return {
    method,
    headers: [...fields.values()].flat(2),
    body: body === undefined ? undefined : Buffer.from(body),
    isMethodGiven: options.method !== undefined,
    givenFields,
  };
}

/**
 * `Name: value` sets, `Name:` removes a default, `Name;` sends an empty value: as with curl. Gives the
 * names, in lower case.
 */
function addUserFields(fields: Map<string, [string, string][]>, lines: readonly string[]): Set<string> {
  const seen = new Set<string>();
  for (const line of lines) {
    const { name, value } = splitField(line);
    const key = name.toLowerCase();
    if (framingFields.has(key)) {
      throw new UsageError(`--header: ${name} is set by bulkfetch itself`);
    }
    if (value === undefined) {
      fields.delete(key);
    } else if (seen.has(key)) {
      fields.get(key)?.push([name, value]);
    } else {
      fields.set(key, [[name, value]]);
    }
    seen.add(key);
  }
  return seen;
}

function userAgent(name = `bulkfetch/${version}`): string {
  if (!fieldValue.test(name)) {
    throw new UsageError(
      `--user-agent: must be of Latin-1 characters without line breaks, not ${JSON.stringify(name)}`,
    );
  }
  return name;
}

function splitField(line: string): { name: string; value: string | undefined } {
  const colon = line.indexOf(':');
  const isEmpty = colon === -1 && line.endsWith(';');
  const name = (isEmpty ? line.slice(0, -1) : line.slice(0, Math.max(colon, 0))).trim();
  const value = isEmpty ? '' : line.slice(colon + 1).trim();
  if (!token.test(name) || !fieldValue.test(value)) {
    // The value may be a secret: it is not repeated.
    throw new UsageError(
      `--header: must be 'Name: value', not ${colon > 0 && token.test(name) ? JSON.stringify(name) : 'a line without a name and a colon'}`,
    );
  }
  return { name, value: !isEmpty && value === '' ? undefined : value };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--json: not valid JSON: ${jsonProblem(error)}`);
  }
}
