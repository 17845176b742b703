import { describe, expect, it } from 'vitest';
import { fetchOne, type Settings } from '../fetch/behaviour/fetching.ts';
import { cli, lines } from '../e2e/cli.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { httpProxy, socksProxy, type TestProxy } from '../servers/proxies.ts';
import { scriptedServer, type ScriptedServer } from '../servers/scripted.ts';
import { caFile, oldTlsOnly, tlsServer } from '../servers/tls.ts';

failOnLeaks();

type Cause = [code: string, start: () => Promise<ScriptedServer>, settings: Settings];

const trusting: Settings = { cacert: caFile };
const causes: readonly Cause[] = [
  ['CERT_EXPIRED', () => tlsServer('expired'), trusting],
  ['CERT_SELF_SIGNED', () => tlsServer('self-signed'), trusting],
  ['CERT_WRONG_HOST', () => tlsServer('wrong-host'), trusting],
  ['CERT_UNTRUSTED', () => tlsServer('good'), {}],
  ['TLS_NO_COMMON_VERSION', () => tlsServer('good', undefined, oldTlsOnly), trusting],
];

/** What lies before the server, and how it is come to. */
interface Way extends AsyncDisposable {
  readonly url: string;
  readonly settings: Settings;
}

const ways: readonly [string, (server: ScriptedServer) => Promise<Way>][] = [
  ['straight', async ({ url }) => ({ url, settings: {}, [Symbol.asyncDispose]: async () => {} })],
  ['through an HTTP proxy', async ({ url }) => through(url, 'http', await httpProxy())],
  ['through SOCKS', async ({ url }) => through(url, 'socks5h', await socksProxy())],
  [
    'by a redirect',
    async ({ url: location }) => {
      const first = await scriptedServer({ '*': { status: 302, headers: { location } } });
      return { url: first.url, settings: {}, [Symbol.asyncDispose]: () => first.close() };
    },
  ],
];

function through(url: string, scheme: string, proxy: TestProxy): Way {
  const settings = { proxy: `${scheme}://${proxy.host}` };
  return { url, settings, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

describe.each(ways)('%s', (_, open) => {
  it.each(causes)('%s', async (code, start, settings) => {
    await using server = await start();
    await using way = await open(server);
    const record = await fetchOne(way.url, { ...settings, ...way.settings });
    expect(record).toMatchObject({ ok: false, status: undefined, attempts: 1, error: { kind: 'tls', code } });
    expect(server.received).toEqual([]); // no request, and so no credentials, before the check
  });
});

it.each<[string, NodeJS.ProcessEnv]>([
  ['NODE_TLS_REJECT_UNAUTHORIZED=0 switches nothing off', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ['BULKFETCH_INSECURE=0 leaves it on', { BULKFETCH_INSECURE: '0' }],
])('%s', async (_, env) => {
  await using server = await tlsServer('self-signed');
  const { status, stdout } = await cli([server.url, '-q'], { env });
  expect(status).toBe(1);
  expect(lines(stdout)).toMatchObject([{ error: { code: 'CERT_SELF_SIGNED' } }]);
  expect(server.received).toEqual([]);
});
