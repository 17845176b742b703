import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../e2e/scratch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { httpProxy } from '../../servers/proxies.ts';
import { caFile, clientFiles, keyPair, tlsServer } from '../../servers/tls.ts';
import { fetchAll, fetchOne, paths, type Settings } from './fetching.ts';

failOnLeaks();

const trusting: Settings = { cacert: caFile, retry: 0 };
const cert = readFileSync(clientFiles.cert, 'utf8');
const key = readFileSync(clientFiles.key, 'utf8');
const encrypted = createPrivateKey(key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 's3cr3t',
});

/** A server that lets nobody in but our client. */
const demanding = () =>
  tlsServer('good', undefined, {
    requestCert: true,
    rejectUnauthorized: true,
    ca: readFileSync(clientFiles.cert),
  });

/** The files of the settings, in a directory of their own. */
function files(texts: Readonly<Record<string, string>>) {
  const directory = scratch(texts);
  return (name: string) => path.join(directory, name);
}

describe('a server that asks for a certificate', () => {
  it.each<[string, (at: (name: string) => string) => Settings]>([
    ['certificate and key', (at) => ({ cert: at('cert.pem'), key: at('key.pem') })],
    ['both in one file', (at) => ({ cert: at('both.pem') })],
    ['an encrypted key', (at) => ({ cert: at('cert.pem'), key: at('encrypted.pem'), pass: 's3cr3t' })],
    ['a password behind the file', (at) => ({ cert: `${at('cert.pem')}:s3cr3t`, key: at('encrypted.pem') })],
    ['a colon in the name', (at) => ({ cert: `${at(String.raw`with\:colon.pem`)}:s3cr3t` })],
  ])('is shown it: %s', async (_, settings) => {
    const at = files({
      'cert.pem': cert,
      'key.pem': key,
      'both.pem': cert + key,
      'encrypted.pem': encrypted,
      'with:colon.pem': cert + encrypted,
    });
    await using server = await demanding();
    const records = await fetchAll(paths(server.url, 3), { ...trusting, ...settings(at), reuse: false });
    expect(records.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it('fails the task that has none', async () => {
    await using server = await demanding();
    expect(await fetchOne(server.url, trusting)).toMatchObject({
      ok: false,
      error: { kind: 'tls', code: 'TLS_FAILED' },
    });
  });

  it('is shown it through a proxy that does not see it', async () => {
    const seen: Partial<PeerCertificate>[] = [];
    await using server = await demanding();
    await using proxy = await httpProxy({
      tls: { ...keyPair('good'), requestCert: true, rejectUnauthorized: false },
      onSecure: (socket: TLSSocket) => void seen.push(socket.getPeerCertificate()),
    });
    const settings = { cert: clientFiles.cert, key: clientFiles.key, proxy: `https://${proxy.host}` };
    expect(await fetchOne(server.url, { ...trusting, ...settings })).toMatchObject({ ok: true });
    expect(seen).toEqual([{}]);
  });
});

describe('what cannot be used is a usage error', () => {
  it.each<[Settings, RegExp]>([
    [{ cert: 'nowhere.pem' }, /^--cert: cannot read nowhere.pem: ENOENT/],
    [{ cert: clientFiles.cert, key: 'nowhere.pem' }, /^--key: cannot read nowhere.pem: ENOENT/],
    [{ cert: clientFiles.cert }, /^--cert: \S+client.pem holds no private key: give its file as --key$/],
    [{ cert: clientFiles.cert, key: caFile }, /^--key: \S+ca.pem holds no private key in PEM$/],
    [
      { cert: clientFiles.cert, key: clientFiles.key.replace('client', 'good') },
      /^--cert: cannot use \S+client.pem with the key in \S+good-key.pem: key values mismatch$/,
    ],
    [{ cert: clientFiles.key }, /^--cert: cannot use \S+client-key.pem: no start line$/],
    [{ key: clientFiles.key }, /^--key: needs a --cert$/],
    [{ pass: 's3cr3t' }, /^--pass: needs a --cert$/],
  ])('%o', async (settings, message) => {
    await expect(fetchOne('https://127.0.0.1:1/', settings)).rejects.toThrow(message);
  });

  it.each<[Settings, RegExp]>([
    [{}, /^--cert: the private key in \S+both.pem is encrypted: give --pass$/],
    [{ pass: 'wr0ng' }, /^--cert: cannot use \S+both.pem: bad decrypt$/],
  ])('a key that is encrypted, with %o', async (settings, message) => {
    const at = files({ 'both.pem': cert + encrypted });
    const run = fetchOne('https://127.0.0.1:1/', { cert: at('both.pem'), ...settings });
    await expect(run).rejects.toThrow(message);
  });
});
