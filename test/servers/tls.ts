import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { fileURLToPath } from 'node:url';
import { scriptedServer, type ScriptedRoutes, type ScriptedServer } from './scripted.ts';

/**
 * The certificates, made by `certs/make.sh`. All but the self-signed are signed by the test
 * authority; all but the one for a wrong host are for 127.0.0.1 and localhost.
 */
export type Certificate = 'good' | 'expired' | 'wrong-host' | 'self-signed';

/** The file of the test authority's own certificate, for `--cacert`. */
export const caFile = pathOf('ca.pem');

/** Starts a scripted server that speaks TLS with that certificate. */
export function tlsServer(
  certificate: Certificate,
  routes: ScriptedRoutes = { '*': { body: 'ok' } },
  options: ServerOptions = {},
): Promise<ScriptedServer> {
  const cert = readFileSync(pathOf(`${certificate}.pem`));
  const key = readFileSync(pathOf(`${certificate}-key.pem`));
  return scriptedServer(routes, { tls: { cert, key, ...options } });
}

/** Options for a server that speaks no TLS version that Node would still accept. */
export const oldTlsOnly: ServerOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'DEFAULT@SECLEVEL=0',
};

function pathOf(name: string): string {
  return fileURLToPath(new URL(`certs/${name}`, import.meta.url));
}
