import type { Proxy } from '../../../model/proxy/proxy.ts';

/** The line that says who we are to an HTTP proxy (RFC 9110, 11.7.2; RFC 7617); empty without a user name. */
export function proxyAuthorization({ credentials }: Proxy): string {
  if (credentials === undefined) {
    return '';
  }
  const { username, password } = credentials;
  return `proxy-authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}\r\n`;
}
