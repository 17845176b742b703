import type { Flag, SecretPart } from '../flags/flag.ts';

/** A value as it may be shown: secrets are `***`, and `${NAME}` stands as it was written. */
export function masked(value: unknown, { secret }: Flag): unknown {
  if (secret === undefined) {
    return value;
  }
  return Array.isArray(value)
    ? value.map((item: unknown) => masks[secret](String(item)))
    : masks[secret](String(value));
}

const masks = {
  all: maskAll,
  password: (text) => text.replace(/(?<=:)[\s\S]*$/, maskAll),
  field: (line) => (secretField.test(line) ? line.replace(/(?<=:\s*)\S[\s\S]*$/, maskAll) : line),
  userinfo: (url) =>
    url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*(?=@)/i, (text, scheme: string = '') => {
      return scheme + maskAll(text.slice(scheme.length));
    }),
} as const satisfies Record<SecretPart, (text: string) => string>;

/** Names of header fields that carry credentials. */
const secretField =
  /^[^:]*(?:auth|cookie|token|secret|password|credential|session|signature|api-?key|access-?key)/i;

/** An authentication scheme (RFC 9110, 11.1) is no secret, and neither is the name of a variable. */
function maskAll(text: string): string {
  const [, scheme = '', rest = ''] =
    /^((?:Basic|Bearer|Digest|Negotiate|Token|ApiKey) +)?([\s\S]*)$/i.exec(text) ?? [];
  return (
    scheme +
    rest.replaceAll(/(\$\{\w+\})|(?:(?!\$\{\w+\})[\s\S])+/g, (_, variable?: string) => variable ?? '***')
  );
}
