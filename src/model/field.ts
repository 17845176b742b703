/** A token: the name of a header field, or a method (RFC 9110, 5.6.2). */
export const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The value of a header field has no control character but tab (RFC 9110, 5.5). */
export const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** A bearer token: visible ASCII. Wider than RFC 6750's `b64token`, for tokens are what servers take. */
export const bearerToken = /^[\u0021-\u007e]+$/;

/** What is said of one that is not; the token itself is a secret. */
export const bearerForm = 'must be a token of visible ASCII characters, without spaces';

/** Whether there is a field of that name, in lower case, among names and values in turn. */
export function hasField(headers: readonly string[], name: string): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    const own = headers[at]!;
    if (own.length === name.length && own.toLowerCase() === name) {
      return true;
    }
  }
  return false;
}

/** The values of the fields of that name, in lower case, among names and values in turn. */
export function fieldsNamed(headers: readonly string[], name: string): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]!.toLowerCase() === name);
}
