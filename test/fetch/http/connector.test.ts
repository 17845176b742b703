import { readFileSync } from 'node:fs';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createConnector } from '../../../src/fetch/http/connector.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { caFile, tlsServer } from '../../servers/tls.ts';
import { exchanger, exchangerTo, type Exchanger } from './exchanges.ts';

failOnLeaks();

const ca = readFileSync(caFile, 'utf8');
const ok = { status: 200, body: 'ok' };
const isResumed = ({ sockets }: Exchanger) => {
  const last = sockets.at(-1);
  return last instanceof TLSSocket && last.isSessionReused();
};

describe('a TLS session', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is resumed by every further connection: %s', async (version) => {
    await using server = await tlsServer('good', undefined, { minVersion: version, maxVersion: version });
    const connect = createConnector({ insecure: false, ca });
    const to = (hostname: string) =>
      exchanger({ isSecure: true, hostname, port: server.port, host: `${hostname}:${server.port}` }, connect);
    const first = to('127.0.0.1');
    expect(await first.send()).toEqual(ok);
    expect(isResumed(first)).toBe(false);
    first.connection.destroy();
    for (const client of [first, to('127.0.0.1')]) {
      expect(await client.send()).toEqual(ok);
      expect(isResumed(client)).toBe(true);
      client.connection.destroy();
    }
    const other = to('localhost');
    expect(await other.send()).toEqual(ok);
    expect(isResumed(other)).toBe(false);
    other.connection.destroy();
  });

  it('does not let a certificate through that is not trusted', async () => {
    await using server = await tlsServer('self-signed');
    const client = exchangerTo(server.port, { isSecure: true, ca });
    for (let exchanges = 0; exchanges < 3; exchanges++) {
      expect(await client.send()).toMatchObject({ error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    }
  });
});

it.each([
  ['localhost', ['localhost']],
  ['127.0.0.1', []],
])('the server is told the name that is asked for, if it is one: %s', async (hostname, expected) => {
  const names: string[] = [];
  await using server = await tlsServer('good', undefined, {
    SNICallback: (name, done) => {
      names.push(name);
      done(null, undefined);
    },
  });
  const client = exchangerTo(server.port, { isSecure: true, hostname, ca });
  expect(await client.send()).toEqual(ok);
  expect(names).toEqual(expected);
  client.connection.destroy();
});

it('tells the clock how far it has come', async () => {
  await using server = await tlsServer('good');
  const client = exchangerTo(server.port, { isSecure: true, hostname: 'localhost', ca });
  await client.send();
  const { connectAt, lookupAt, tcpAt, secureAt, sentAt } = client.clock;
  const turns = [connectAt, lookupAt, tcpAt, secureAt, sentAt];
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
  expect(connectAt).toBeGreaterThan(0);
  client.connection.destroy();
});
