import net from 'node:net';
import * as z from 'zod/mini';
import { noProxyForm, parseNoProxy } from '../proxy/no-proxy.ts';
import { parseProxy, proxyForm, type Proxy } from '../proxy/proxy.ts';

const pinForm = 'must be HOST:PORT:ADDRESS[,ADDRESS], as in api.example.com:443:127.0.0.1 (IPv6 in brackets)';

/** Addresses by `host:port` or `*:port`, to be taken instead of what DNS says. */
export type Pins = ReadonlyMap<string, readonly string[]>;

/** `--proxy`; empty: no proxy, whatever the environment says. */
export const proxyUrl = form(proxyForm, (text): Proxy | 'direct' | undefined =>
  text === '' ? 'direct' : parseProxy(text),
);

/** `--noproxy`. */
export const noProxyList = form(noProxyForm, parseNoProxy);

/** `--resolve`, once for each host; the last one for a host counts. */
export const pins = z.pipe(
  z.array(form(pinForm, parsePin)),
  z.transform((entries): Pins => new Map(entries)),
);

/** Text that is not repeated when it is refused: there may be a password in it. */
function form<T>(message: string, parse: (text: string) => T | undefined) {
  return z.pipe(
    z.string({ error: message }),
    z.transform((text, context): T => {
      const value = parse(text);
      if (value === undefined) {
        context.issues.push({ code: 'custom', message, input: undefined });
        return z.NEVER;
      }
      return value;
    }),
  );
}

function parsePin(text: string): [key: string, addresses: readonly string[]] | undefined {
  const [, host, port, list] = /^([^:[\]\s]+):(\d{1,5}):(\S+)$/.exec(text) ?? [];
  if (host === undefined || list === undefined || net.isIP(host) !== 0 || Number(port) > 65_535) {
    return undefined;
  }
  const addresses = list.split(',').map((address) => address.replace(/^\[(.*)\]$/, '$1'));
  return addresses.every((address) => net.isIP(address) !== 0)
    ? [`${host.toLowerCase()}:${Number(port)}`, addresses]
    : undefined;
}
