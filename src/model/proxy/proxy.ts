const schemes = ['http', 'https', 'socks5', 'socks5h'] as const;

/** What a proxy has to look like. */
export const proxyForm = `must be a proxy such as http://proxy:3128 or socks5h://user:password@proxy:1080 (${schemes.join(', ')})`;

/** Where connections go through. */
export interface Proxy {
  /** `socks5h` leaves the look-up of names to the proxy, `socks5` does not. */
  readonly scheme: (typeof schemes)[number];
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** For messages, so without user name and password: `socks5h://127.0.0.1:1080`. */
  readonly name: string;
  readonly credentials?: ProxyCredentials | undefined;
}

/** Who we are to a proxy. */
export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

/** curl's (`CURL_DEFAULT_PROXY_PORT`, `CURL_DEFAULT_HTTPS_PROXY_PORT`). */
const defaultPorts = { http: 1080, https: 443, socks5: 1080, socks5h: 1080 } as const;

/**
 * A proxy as curl writes it, `[scheme://][user:password@]host[:port]`; without a scheme it is an
 * HTTP proxy. A path is of no meaning. Undefined for what is no such thing.
 */
export function parseProxy(text: string): Proxy | undefined {
  const [, prefix = 'http', rest = text.trim()] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text.trim()) ?? [];
  const scheme = schemes.find((one) => one === prefix.toLowerCase());
  // Under a scheme that the URL standard does not know, it keeps the port that it would call the default.
  const url = URL.parse(`proxy://${rest}`);
  if (scheme === undefined || url === null || url.hostname === '') {
    return undefined;
  }
  const port = url.port === '' ? defaultPorts[scheme] : Number(url.port);
  const hostname = decode(url.hostname).toLowerCase();
  const { username, password } = url;
  return {
    scheme,
    hostname: hostname.replace(/^\[|\]$/g, ''), // brackets are how a URL writes IPv6
    port,
    name: `${scheme}://${hostname}:${port}`,
    credentials:
      username + password === '' ? undefined : { username: decode(username), password: decode(password) },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is kept as it was written
  }
}
