import type { RequestSpec } from '../../model/task.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { bodyLength, checkField } from '../http/request-head.ts';

/** The fields of a request as `node:http2` takes them. */
export type Fields = Readonly<Record<string, string | number>>;

/** They are about an HTTP/1.1 connection, and make a request malformed (RFC 9113, 8.2.2). */
const connectionSpecific: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * All fields but the path and the length of the body: the same for requests with the same method and
 * `headers`. Names are in lower case, `Host` is `:authority`; of a name that is there several times
 * the values make one list, which means the same (RFC 9110, 5.3; of cookies RFC 9113, 8.2.3).
 */
export function commonFields(
  { method, headers }: Pick<RequestSpec, 'method' | 'headers'>,
  { isSecure, host }: Endpoint,
): Fields {
  const fields = new Map([
    [':method', method],
    [':scheme', isSecure ? 'https' : 'http'],
    [':authority', host],
  ]);
  for (let at = 0; at < headers.length; at += 2) {
    const value = headers[at + 1]!;
    const name = headers[at]!.toLowerCase();
    checkField(name, value);
    const before = fields.get(name);
    if (name === 'host') {
      fields.set(':authority', value);
    } else if (!connectionSpecific.has(name)) {
      fields.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
    }
  }
  return Object.fromEntries(fields);
}

/** The fields of one request. */
export function requestFields(common: Fields, path: string, request: RequestSpec): Fields {
  const length = bodyLength(request);
  return {
    ...common,
    ':path': path,
    ...(length !== undefined && { 'content-length': length }),
  };
}
