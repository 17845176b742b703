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

/** The files of a client's own certificate and key, for `--cert` and `--key`. */
export const clientFiles = { cert: pathOf('client.pem'), key: pathOf('client-key.pem') } as const;

/** Starts a scripted server that speaks TLS with that certificate. */
export function tlsServer(
  certificate: Certificate,
  routes: ScriptedRoutes = { '*': { body: 'ok' } },
  options: ServerOptions = {},
): Promise<ScriptedServer> {
  return scriptedServer(routes, { tls: { ...keyPair(certificate), ...options } });
}

/** A certificate with its key. */
export function keyPair(certificate: Certificate): { readonly cert: Buffer; readonly key: Buffer } {
  return {
    cert: readFileSync(pathOf(`${certificate}.pem`)),
    key: readFileSync(pathOf(`${certificate}-key.pem`)),
  };
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
