import { UsageError } from '../errors.ts';
import { noProxyForm, parseNoProxy, type NoProxy } from './no-proxy.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { parseProxy, proxyForm, type Proxy } from './proxy.ts';

/** The proxy for a server, or undefined: straight to it. */
export type ProxyChoice = (server: ProxiedServer) => Proxy | undefined;

/** What the choice depends on. */
export interface ProxiedServer {
  readonly isSecure: boolean;
  readonly hostname: string;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Which servers go through which proxy, from the options, then from the environment: the variables
 * and their order are curl's. `HTTP_PROXY` does not count, because a web server sets it from a
 * request's `Proxy` field (httpoxy). Undefined when there is no proxy at all. Throws a `UsageError`
 * that names the variable which cannot be understood, without its value, for that may hold a password; and
 * one for `--deny-private` with a proxy that itself looks names up.
 */
export function proxyChoice(
  { proxy, noproxy, denyPrivate }: Pick<ResolvedOptions, 'proxy' | 'noproxy' | 'denyPrivate'>,
  env: Environment = {},
): ProxyChoice | undefined {
  if (proxy === 'direct') {
    return undefined;
  }
  const proxyOf = (...names: string[]) => fromEnvironment(env, names, parseProxy, proxyForm);
  const plain = proxy ?? proxyOf('http_proxy', ...forAll);
  const secure = proxy ?? proxyOf('https_proxy', 'HTTPS_PROXY', ...forAll);
  if (plain === undefined && secure === undefined) {
    return undefined;
  }
  if (denyPrivate && (looksUpNames(plain) || looksUpNames(secure))) {
    throw new UsageError(
      "--deny-private: the proxy looks names up itself, where nobody checks the addresses: use one of socks5://, or none (--proxy '')",
    );
  }
  const isDirect: NoProxy =
    noproxy ?? fromEnvironment(env, ['no_proxy', 'NO_PROXY'], parseNoProxy, noProxyForm) ?? (() => false);
  return ({ isSecure, hostname }) => (isDirect(hostname) ? undefined : isSecure ? secure : plain);
}

const forAll = ['all_proxy', 'ALL_PROXY'];

function looksUpNames(proxy: Proxy | undefined): boolean {
  return proxy !== undefined && proxy.scheme !== 'socks5';
}

/** The first variable that is set, and what is made of it. An empty one is none, as with curl. */
function fromEnvironment<T>(
  env: Environment,
  names: readonly string[],
  parse: (text: string) => T | undefined,
  form: string,
): T | undefined {
  const name = names.find((one) => (env[one] ?? '') !== '');
  if (name === undefined) {
    return undefined;
  }
  const value = parse(env[name] ?? '');
  if (value === undefined) {
    throw new UsageError(`${name}: ${form}`);
  }
  return value;
}
