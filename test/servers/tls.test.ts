import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { failOnLeaks } from './leaks.ts';
import { caFile, oldTlsOnly, tlsServer } from './tls.ts';

failOnLeaks();

const ca = readFileSync(caFile);

it('is trusted by who trusts the test authority', async () => {
  await using server = await tlsServer('good');
  for (const host of ['127.0.0.1', 'localhost']) {
    const url = `https://${host}:${server.port}/`;
    const [response] = await once(request(url, { ca, agent: false }).end(), 'response');
    expect(await text(response)).toBe('ok');
  }
});

it.each([
  ['good', undefined, {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['expired', ca, {}, 'CERT_HAS_EXPIRED'],
  ['wrong-host', ca, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['self-signed', ca, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['good', ca, oldTlsOnly, 'EPROTO'],
] as const)('%s is refused', async (certificate, ca, options, code) => {
  await using server = await tlsServer(certificate, {}, options);
  const sent = request(server.url, { ...(ca && { ca }), agent: false }).end();
  await expect(once(sent, 'response')).rejects.toMatchObject({ code });
});
